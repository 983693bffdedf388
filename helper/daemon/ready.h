/* sd_notify(3) in its few lines, without libsystemd: what a module inside sshd must not bring, we need not either. */
#ifndef READY_H
#define READY_H

/* Tells the service manager, if there is one ($NOTIFY_SOCKET); a failure is nobody's loss. */
void ready_tell(const char *state);

#endif
