# xns-compat: the classic names lead to xns
case ${PATH-} in
/usr/libexec/xns/bin | /usr/libexec/xns/bin:*) ;;
*) [ ! -x /usr/libexec/xns/bin/unshare ] || PATH=/usr/libexec/xns/bin${PATH:+:$PATH} ;;
esac
