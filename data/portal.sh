#!/bin/sh
# The parents' portal on the demonstration data; every mail and SMS lands in a folder.
set -eu

place=demo/portail
if [ ! -e "$place/pret" ]; then
    echo "Préparation de deux écoles fictives et de leurs courriers…"
    mkdir -p demo
    sh data/demo.sh "$1" portal >demo/portail.log || { cat demo/portail.log; exit 1; }
fi
export EDUCONNECT_DATABASE_URL="$place/educonnect.sqlite" EDUCONNECT_OPERATOR=demo
export EDUCONNECT_PORTAL_URL=http://localhost:8000 EDUCONNECT_PORTAL_DEVELOPMENT=1
unset EDUCONNECT_HASHING EDUCONNECT_SECRET_KEY_FILE EDUCONNECT_TEMPLATES_DIR EDUCONNECT_SMTP_HOST
unset EDUCONNECT_TRUSTED_PROXIES EDUCONNECT_MAIL_FOLDER EDUCONNECT_SMS_GATEWAY

service() { "$1/educonnect-admin" --quiet services add "$2" "$3" "$4" --levels "$5"; }
if [ ! -e "$place/pret" ]; then
    service "$1" livret "Livret Scolaire (CP - 3e)" https://services.example/livret-scolaire CP..3e
    service "$1" college "Demande de bourse au collège" https://services.example/bourse 6e..3e
    touch "$place/pret"
fi
"$1/python" data/portal_people.py "$place/courriers"
# Somebody to be: a FranceConnect of made-up people, which ends with the portal.
export EDUCONNECT_FRANCECONNECT_ISSUER=http://127.0.0.1:8001/api/v2
export EDUCONNECT_FRANCECONNECT_CLIENT_ID=educonnect-admin-dev
export EDUCONNECT_FRANCECONNECT_CLIENT_SECRET_FILE="$place/franceconnect.secret"
"$1/python" -m dev.franceconnect --with-parent \
    --secret-file "$EDUCONNECT_FRANCECONNECT_CLIENT_SECRET_FILE" >/dev/null &
exec "$1/educonnect-admin" portal serve
