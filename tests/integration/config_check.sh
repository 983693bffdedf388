#!/usr/bin/env bash
# c2mctl config-check says what c2m-authd thinks of a configuration, in its words or as JSON: 0 when it is right, 78 when not.
. "$(dirname "$0")/../lib/test.sh"

standin_start; keys_copy
check() { c2mctl config-check --authd "$BUILD/c2m-authd" "$@"; }
field() { python3 -c 'import json, sys
value = json.load(sys.stdin)
for key in sys.argv[1].split("."):
    value = value[int(key)] if key.isdigit() else value[key]
print(json.dumps(value))' "$1" <<<"$output"; }   # A.PATH

seal_key_write; users_write; config_write
conf=/etc/c2m/authd.conf
run check
assert_equal 0 "$status" "$output"
run check --json
assert_equal 0 "$status" "$output"
assert_equal "true, \"$conf\", 1" "$(field ok), $(field file), $(field schema)"

sed -i '1i [api]\nurll = https://127.0.0.1' $conf
run check
assert_equal 78 "$status" "$output"
assert_match "$conf:2: .*urll" "$output"
said=$(grep -m 1 ':2: ' <<<"$output")
run check --json
assert_equal 78 "$status" "$output"
assert_equal "false, \"$conf\", 2" "$(field ok), $(field messages.0.file), $(field messages.0.line)"
assert_equal "$said" "$(field messages.0.message | python3 -c 'import json, sys; print(json.load(sys.stdin))')"
run check --quiet
assert_equal '78 ' "$status $output"

# a file that is named, none, and no helper to ask
cp $conf "$WORLD/other.conf"
run check --config "$WORLD/other.conf"
assert_equal 78 "$status"
assert_match "$WORLD/other.conf:2: " "$output"
run check --config "$WORLD/none.conf"
assert_equal 78 "$status" "$output"
run c2mctl config-check --authd "$WORLD/none"
assert_equal 69 "$status" "$output"
assert_match 'there is no c2m-authd to ask' "$output"
