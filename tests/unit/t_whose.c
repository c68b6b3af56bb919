/* SPDX-License-Identifier: MIT */
/* t_whose - whose a cgroup is, by its path. Silent unless a case fails. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xnetns/whose.h"

#define ID "54f53fc80a739638ab977c3331fc7e775820ec3984b767052825e1c7772a6b24"

static int failed;

static void check(const char *what, const char *given, const char *got, const char *expected)
{
	if ((!got && !expected) || (got && expected && strcmp(got, expected) == 0))
		return;
	failed++;
	printf("t_whose: %s(\"%s\"): got %s; expected %s\n", what, given, got ? got : "none",
	       expected ? expected : "none");
}

static void test_paths(void)
{
	static const struct {
		const char *path, *whose;
	} cases[] = {
		{ "/", NULL },
		{ "/init.scope", NULL },
		{ "/system.slice/docker-" ID ".scope", "docker:" ID },
		{ "/docker/" ID, "docker:" ID },
		{ "/docker/" ID "/docker/abc", "docker:" ID },
		{ "/../../docker/" ID, "docker:" ID },
		{ "/machine.slice/libpod-" ID ".scope/container", "podman:" ID },
		{ "/machine.slice/libpod-conmon-" ID ".scope", NULL },
		{ "/libpod_parent/libpod-" ID, "podman:" ID },
		{ "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID ".scope",
		  "podman:" ID },
		{ "/kubepods.slice/kubepods-besteffort.slice/kubepods-podabc.slice/crio-" ID
		  ".scope",
		  "crio:" ID },
		{ "/kubepods.slice/crio-conmon-" ID ".scope", NULL },
		{ "/kubepods.slice/cri-containerd-" ID ".scope", "containerd:" ID },
		{ "/lxc.payload.web", "lxc:web" },
		{ "/lxc.payload.web/system.slice/ssh.service", "lxc:web" },
		{ "/lxc.payload/web", "lxc:web" },
		{ "/lxc/web/init.scope", "lxc:web" },
		{ "/lxc.monitor.web", NULL },
		{ "/machine.slice/systemd-nspawn@web.service/payload", "machine:web" },
		{ "/machine.slice/machine-my\\x2dweb.scope", "machine:my-web" },
		{ "/system.slice/ssh.service", "unit:ssh.service" },
		{ "/system.slice/system-getty.slice/getty@tty1.service",
		  "unit:getty@tty1.service" },
		{ "/system.slice/docker.service", "unit:docker.service" },
		{ "/user.slice/user-1000.slice/session-3.scope", "session:3" },
		{ "/user.slice/user-1000.slice/user@1000.service/app.slice/x.service",
		  "unit:user@1000.service" },
		{ "/docker-.scope", NULL },
		{ "/docker-xyz.scope", NULL },
		{ "/docker/buildkit", NULL },
		{ "/.service", NULL },
		{ "docker", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *whose = whose_path(cases[i].path);

		check("whose_path", cases[i].path, whose, cases[i].whose);
		free(whose);
	}
}

int main(void)
{
	test_paths();
	return failed > 0;
}
