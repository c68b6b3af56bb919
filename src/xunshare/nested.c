/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <sched.h>
#include <stdlib.h>

#include "die.h"
#include "fd.h"
#include "helper.h"
#include "maker.h"
#include "nested.h"
#include "sys.h"
#include "told.h"

static int old_proc = -1;
static char self[16]; /* our directory in it */

void nested_begin(void)
{
	old_proc = open_dir("/proc");
	must(old_proc, N_("cannot open %s"), "/proc");
}

/* In a helper, which is still in the outer one and has its rights. */
static void limit_and_map(const void *arg)
{
	const struct xunshare_options *o = arg;

	must(sys_fchdir(old_proc, "/proc"), N_("cannot change directory to %s"), "/proc");
	must_write("sys/user/max_user_namespaces", "1", N_("write failed %s"));
	usermap_write_again(&o->users, self);
	usermap_write_again(&o->groups, self);
}

/* Whom the outer one does not map, as which we can make no other in it, is who it is to be already. */
static void be_mapped(const struct xunshare_options *o)
{
	const uint32_t *uid = maker_uid(), *gid = maker_gid();

	if ((uid && !o->uid.given) || (gid && !o->gid.given))
		die(EXIT_FAILURE, 0,
		    N_("--disable-userns needs --setuid and --setgid where the maps do not have our IDs"));
	told_about("nested");
	if (gid)
		must(sys_setresgid(*gid), N_("setgid() failed"));
	told_about("nested");
	if (uid)
		must(sys_setresuid(*uid), N_("setuid() failed"));
	if (gid || uid)
		must(sys_dumpable(), N_("prctl failed"));
}

void nested_enter(const struct xunshare_options *o)
{
	static struct helper helper;
	ssize_t n = readlinkat(old_proc, "self", self, sizeof(self) - 1);

	must(n, N_("cannot read %s"), "/proc/self");
	self[n] = '\0';
	told_because("disable-userns");
	be_mapped(o);
	told_about("nested");
	helper_start(&helper, limit_and_map, o, false);
	must(sys_unshare(CLONE_NEWUSER), N_("unshare failed"));
	helper_release(&helper);
	told_because(NULL);
	close_fd(&old_proc);
}
