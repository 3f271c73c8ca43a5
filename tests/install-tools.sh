#!/bin/sh
# Install what the tests need beside Python, when this machine lets us; else say the line to type.
set -eu

has_postgres() { ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null 2>&1; }
has_pdftotext() { command -v pdftotext >/dev/null 2>&1; }
has_faketime() { command -v faketime >/dev/null 2>&1; }
has_office() { command -v soffice >/dev/null 2>&1 && /usr/bin/python3 -c "import uno" 2>/dev/null; }
has_tmux() { command -v tmux >/dev/null 2>&1; }
has_chromium() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1; }

missing=""
has_postgres || missing="$missing postgresql postgresql-contrib"
has_pdftotext || missing="$missing poppler-utils"
has_faketime || missing="$missing faketime"
has_chromium || missing="$missing chromium"
has_tmux || missing="$missing tmux"
has_office || missing="$missing libreoffice-calc-nogui python3-uno"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the tests:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # The tests start a server of their own; Debian's shall not start one beside it.
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "The tests need more than Python. Type this, then run make again:" >&2
    echo "    sudo apt-get install$missing" >&2
    exit 1
fi
has_postgres && has_pdftotext && has_faketime && has_chromium && has_tmux && has_office
