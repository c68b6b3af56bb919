/* SPDX-License-Identifier: MIT */
/*
 * ip.h - xnetns as ip(8), and set-user-ID: whose rights, and who does what is not netns. How ip's words
 * are read does not belong in here (args.h).
 */
#ifndef XNS_XNETNS_IP_H
#define XNS_XNETNS_IP_H

#include "util.h"

/*
 * drop_rights() - started with root's rights by an ordinary user, only one who could have
 * CAP_NET_ADMIN by himself keeps them; he gets the system's PATH. Another is himself again.
 */
void drop_rights(void);

/*
 * hand_over() - to ip(8) itself, for what is not ours: the next one in PATH that is not this program,
 * and none that handed over to us; of a set-user-ID program in the system's directories, as the caller.
 * forget_hops() - nobody is handed over to: what was noted of that is not the program's.
 */
_Noreturn void hand_over(char *argv[]);
void forget_hops(void);

#endif
