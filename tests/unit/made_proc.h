/*
 * A /proc of a test's own making: a folder in which each process is what the test says it is. base/process.c
 * reads it; only pidfds are the real kernel's, so a process that is to be watched must exist as well.
 */
#ifndef TESTS_MADE_PROC_H
#define TESTS_MADE_PROC_H

#include "base/process.h"

void made_proc_open(void);
void made_proc_close(void); /* removes it; the real /proc is read again */
/* The process is there and reads as FACTS, from now on. */
void made_proc_put(const struct process_facts *facts);
void made_proc_remove(pid_t pid);
/* What base/process.c reads of it. */
struct process_facts made_proc_read(pid_t pid);

#endif
