# PAM lets go of pam_c2m before something leaves that it needs. While a stack names it that pam-auth-update does not
# write, nothing is changed; where somebody edited those that it writes, it leaves them alone and exits 0.
naming_stacks() { # FIND'S TEST ...
    find /etc/pam.d -mindepth 1 "$@" ! -name '*.pam-old' ! -name '*.dpkg-*' ! -name '*~' -exec grep -ls '^[^#]*pam_c2m' {} + | tr '\n' ' '
}
refuse_while() { # STACKS
    [ -n "$1" ] || return 0
    echo "$DPKG_MAINTSCRIPT_PACKAGE: still named by hand in: $1" >&2
    echo "$DPKG_MAINTSCRIPT_PACKAGE: take the lines with pam_c2m out first (c2m(7), BREAK-GLASS), then remove the package again" >&2
    exit 1
}
pam_lets_go() {
    refuse_while "$(naming_stacks ! -name 'common-*')"
    if command -v pam-auth-update >/dev/null && [ -e /usr/share/pam-configs/c2m ]; then
        pam-auth-update --package --remove c2m
    fi
    refuse_while "$(naming_stacks -name 'common-*')"
}
