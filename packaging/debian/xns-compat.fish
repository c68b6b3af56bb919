# xns-compat: the classic names lead to xns, in login shells
if status is-login; and test -x /usr/libexec/xns/bin/unshare
	fish_add_path --path --prepend --move /usr/libexec/xns/bin
end
