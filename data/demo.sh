#!/bin/sh
# The director's Monday evening on two fictional schools: files in, letters out.
set -eu

command="$1/educonnect-admin"
unset EDUCONNECT_HASHING EDUCONNECT_SECRET_KEY_FILE EDUCONNECT_TEMPLATES_DIR EDUCONNECT_PORTAL_URL
place=demo
if [ "${2:-}" = portal ]; then # for `make portal`: an office of its own, whose letters lead to it
    place=demo/portail
    export EDUCONNECT_PORTAL_URL=http://localhost:8000
fi
rm -rf "$place"
export EDUCONNECT_DATABASE_URL="$place/educonnect.sqlite" EDUCONNECT_OPERATOR=demo

run() {
    printf '\n$ educonnect-admin'
    for word in "$@"; do printf ' %s' "$word"; done
    printf '\n'
    status=0
    "$command" "$@" || status=$?
    # 4: done, with remarks. The samples hold what real life holds.
    [ "$status" = 0 ] || [ "$status" = 4 ] || exit "$status"
}

run init
run schools import data/samples/ecoles.csv
for school in ecole-charlemagne:0599901S ecole-marie-curie:0599902T; do
    folder=data/samples/${school%%:*}
    uai=${school##*:}
    run roster import "$folder/CSVExtraction-eleves.csv" "$folder/CSVExtraction-responsables.csv" \
        --school "$uai"
    run accounts generate --school "$uai"
    run letters issue --school "$uai" --output "$place/courriers/$uai"
done
run audit activations --by school

printf '\nLes courriers sont dans :\n'
for folder in "$place"/courriers/*/; do
    printf '  %s (%s fichiers PDF)\n' "$folder" "$(ls "$folder" | wc -l | tr -d ' ')"
done
