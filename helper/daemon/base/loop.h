/*
 * libevent: one thread, one loop. A callback never blocks and never frees the object that called it unless its
 * header says so. After every turn (all callbacks of one wake-up) the turn hook runs once: that is where the
 * store commits and verdicts leave.
 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_timer;
struct loop_io;
struct loop_signal;

enum { LOOP_READ = 1, LOOP_WRITE = 2 };

typedef void (*loop_fn)(void *argument);
typedef void (*loop_io_fn)(void *argument, int fd, int events);

int loop_new(struct loop **out); /* -ENOMEM, -EIO */
void loop_free(struct loop *loop);
int loop_run(struct loop *loop); /* until loop_stop; 0, or a negative errno */
void loop_stop(struct loop *loop);
/* One turn, for tests: waits at most TIMEOUT_MS for events, then runs the hook. */
int loop_turn(struct loop *loop, int timeout_ms);
/* One hook only. It is also run before the first wait. */
void loop_set_turn_hook(struct loop *loop, loop_fn fn, void *argument);

/* A timer fires once for each loop_timer_set; its callback may set or free it. */
int loop_timer_new(struct loop *loop, loop_fn fn, void *argument, struct loop_timer **out);
void loop_timer_set(struct loop_timer *timer, int64_t delay_ms); /* negative: 0 */
void loop_timer_set_us(
    struct loop_timer *timer, int64_t delay_us); /* the same, where less than a millisecond tells something */
void loop_timer_clear(struct loop_timer *timer);
bool loop_timer_pending(const struct loop_timer *timer);
void loop_timer_free(struct loop_timer *timer); /* NULL is fine */

/* Level-triggered, persistent. The descriptor stays the caller's, who frees the watch before he closes it. The callback may free it. */
int loop_io_new(struct loop *loop, int fd, int events, loop_io_fn fn, void *argument, struct loop_io **out);
int loop_io_set(struct loop_io *io, int events); /* 0: none */
void loop_io_free(struct loop_io *io);

int loop_signal_new(struct loop *loop, int signal, loop_fn fn, void *argument, struct loop_signal **out);
void loop_signal_free(struct loop_signal *signal);

#endif
