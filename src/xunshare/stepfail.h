/* SPDX-License-Identifier: MIT */
/*
 * stepfail.h - a step of a root of one's own has failed: which, and why, as far as that can be found out.
 */
#ifndef XNS_XUNSHARE_STEPFAIL_H
#define XNS_XUNSHARE_STEPFAIL_H

#include "steps.h"

/* step_failed() - dies with errno, of @msgid (N_) with the step's option and @path; keeps them for the hint. */
_Noreturn void step_failed(const struct step *s, const char *msgid, const char *path);

/* step_hint() - why, if one has failed. Return: whether there was a hint. */
bool step_hint(void);

#endif
