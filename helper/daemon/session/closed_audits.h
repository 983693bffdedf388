/*
 * The audit ids that were fresh for a session which has closed in this boot, with its uid: whatever still runs
 * under one belongs to a login that is over. Eight bytes each; beyond CLOSED_AUDITS_MAX the lowest, that is the
 * oldest ids are forgotten (the kernel counts them up).
 */
#ifndef SESSION_CLOSED_AUDITS_H
#define SESSION_CLOSED_AUDITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLOSED_AUDITS_MAX = 262144 };

struct closed_audits {
    uint64_t *items; /* audit id, then uid; ascending */
    size_t count, capacity;
};

void closed_audits_deinit(struct closed_audits *audits);
/* 0, also when it is known; -ENOMEM. */
int closed_audits_add(struct closed_audits *audits, uint32_t audit_id, uint32_t uid);
bool closed_audits_has(const struct closed_audits *audits, uint32_t audit_id, uint32_t uid);
/* Whoever's it was. */
bool closed_audits_has_id(const struct closed_audits *audits, uint32_t audit_id);
/* All below it may be forgotten on disk too: 0 until the bound is reached. */
uint32_t closed_audits_lowest(const struct closed_audits *audits);

#endif
