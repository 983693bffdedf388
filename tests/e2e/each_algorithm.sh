#!/usr/bin/env bash
# Whatever the service signs with opens the door, and nothing that another key signed: RS256, PS256, ES256, EdDSA, HS256.
# long: a helper for each
. "$(dirname "$0")/../lib/test.sh"

seal_key_write; users_write; examples_install; sshd_start

serves() { # ALGORITHM [SECTION.KEY=VALUE ...]
  local algorithm=$1
  shift
  rm -f /etc/c2m/verify-key.pem
  standin_start --alg "$algorithm"
  install -m 0644 "$STANDIN_DIR/ca.pem" /etc/c2m/
  [ "$algorithm" = HS256 ] || keys_copy
  config_write "$@"
}
lets_in_its_own_alone() { # REASON
  authd_start
  assert_equal alice "$(login alice "$(mint alice)" -- id -un)"
  assert_equal alice "$(login alice "$(mint alice type=long)" -- id -un)"
  assert_status 255 login alice "$(mint alice sign=foreign)"
  assert_match "reason=$1 user=alice" "$(grep event=login "$WORLD_LOG/authd.log" | tail -n 1)"
  authd_stop
}

for algorithm in RS256 PS256 ES256 EdDSA; do
  serves $algorithm verify.algorithm=$algorithm
  lets_in_its_own_alone signature
  # the same key as a JWK
  jwks=$(<"$STANDIN_DIR/jwks.json")
  jwk=${jwks#*[} && printf '%s\n' "${jwk%]*}" >/etc/c2m/verify-key.jwk
  config_write verify.key=/etc/c2m/verify-key.jwk verify.algorithm=$algorithm
  lets_in_its_own_alone signature
  # another algorithm for the same kind of key
  case $algorithm in
    RS256) config_write verify.algorithm=PS256 ;;
    PS256) config_write verify.algorithm=RS256 ;;
    *) standin_stop; continue ;;
  esac
  authd_start
  assert_status 255 login alice "$(mint alice)"
  assert_match 'reason=algorithm user=alice' "$(tail -n 1 "$WORLD_LOG/authd.log")"
  authd_stop
  standin_stop
done

serves HS256 verify.key= verify.algorithm= verify.secret=/etc/c2m/hs256.secret
install -m 0640 -g c2m-authd "$STANDIN_DIR/hs256.secret" /etc/c2m/hs256.secret
lets_in_its_own_alone signature
assert_match 'can forge tokens' "$(cat "$WORLD_LOG/authd.log")"
chmod 0644 /etc/c2m/hs256.secret
assert_status 78 "$BUILD/c2m-authd" --config /etc/c2m/authd.conf --check
assert_match 'secret = /etc/c2m/hs256.secret: .*chmod 0640' "$("$BUILD/c2m-authd" --config /etc/c2m/authd.conf --check 2>&1 || :)"
