/* SPDX-License-Identifier: MIT */
/* t_whose - whose a cgroup is, by its path; values in JSON, by their names. Silent unless a case fails. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jsonget.h"
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

static void test_json(void)
{
	static const struct {
		const char *text, *path, *name, *value;
		int err;
	} cases[] = {
		{ "{\"pid\":12}", "pid", NULL, "12", 0 },
		{ " { \"a\" : { \"b\" : -1.5e3 } } ", "a.b", NULL, "-1.5e3", 0 },
		{ "{\"a\":\"x\\\"y\"}", "a", NULL, "x\\\"y", 0 },
		{ "{\"a\":[1,{\"pid\":2}],\"pid\":3}", "pid", NULL, "3", 0 },
		{ "[{\"pid\":1}]", "pid", NULL, "1", 0 },
		{ "[{\"pid\":1},{\"pid\":2}]", "pid", NULL, NULL, EEXIST },
		{ "[{\"name\":\"a\",\"pid\":1},{\"name\":\"b\",\"pid\":2}]", "pid", "b", "2", 0 },
		{ "[{\"name\":\"ab\",\"pid\":1}]", "pid", "a", NULL, ENOENT },
		{ "[1,\"name\",{\"name\":[\"a\"]}]", "pid", "a", NULL, ENOENT },
		{ "[]", "pid", NULL, NULL, ENOENT },
		{ "{}", "pid", NULL, NULL, ENOENT },
		{ "1", "pid", NULL, NULL, ENOENT },
		{ "", "pid", NULL, NULL, EINVAL },
		{ "{", "pid", NULL, NULL, EINVAL },
		{ "{\"pid\":1", "pid", NULL, NULL, EINVAL },
		{ "{\"pid\":1]", "pid", NULL, NULL, EINVAL },
		{ "{\"pid\":1}x", "pid", NULL, NULL, EINVAL },
		{ "{\"pid\":1,\"pid\":1}", "pid", NULL, NULL, EINVAL },
		{ "{\"pid", "pid", NULL, NULL, EINVAL },
		{ "{\"pid\\", "pid", NULL, NULL, EINVAL },
		{ "{\"pid\"}", "pid", NULL, NULL, EINVAL },
		{ "{\"pid\":}", "pid", NULL, NULL, EINVAL },
		{ "{:1}", "pid", NULL, NULL, EINVAL },
		{ "{,}", "pid", NULL, NULL, EINVAL },
		{ "[,]", "pid", NULL, NULL, EINVAL },
		{ "[1 2]", "pid", NULL, NULL, EINVAL },
		{ "{\"a\nb\":1}", "a", NULL, NULL, EINVAL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = 0;
		const char *value = jsonget(cases[i].text, cases[i].path, cases[i].name, &len);
		int err = value ? 0 : errno;
		char got[64];

		snprintf(got, sizeof(got), "%.*s", (int)len, value ? value : "");
		check("jsonget", cases[i].text, value ? got : NULL, cases[i].value);
		if (err != cases[i].err)
			check("jsonget", cases[i].text, strerror(err), strerror(cases[i].err));
	}
}

int main(void)
{
	test_paths();
	test_json();
	return failed > 0;
}
