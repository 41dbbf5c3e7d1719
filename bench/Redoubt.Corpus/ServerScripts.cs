namespace Redoubt.Corpus;

/// <summary>What the usual services of a server write when nothing is wrong, and now and then something.</summary>
internal static class ServerScripts
{
    public static Script Sudo { get; } =
        Script.Syslog(
            5,
            false,
            "sudo:    {user} : TTY=pts/{short} ; PWD=/home/{user} ; USER=root ; COMMAND=/usr/bin/systemctl status nginx",
            "sudo: pam_unix(sudo:session): session opened for user root(uid=0) by {user}(uid=1000)",
            "sudo: pam_unix(sudo:session): session closed for user root"
        );

    public static Script Cron { get; } =
        Script.Syslog(
            12,
            false,
            "CRON[{pid}]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)",
            "CRON[{pid}]: (root) CMD (cd / && run-parts --report /etc/cron.hourly)",
            "CRON[{pid}]: pam_unix(cron:session): session closed for user root"
        );

    public static Script Systemd { get; } =
        Script.Syslog(
            16,
            false,
            "systemd[1]: Starting apt-daily.service - Daily apt download activities...",
            "systemd[1]: apt-daily.service: Deactivated successfully.",
            "systemd[1]: Finished apt-daily.service - Daily apt download activities.",
            "systemd[1]: apt-daily.service: Consumed {short}.{short}s CPU time.",
            "systemd[1]: session-{number}.scope: Deactivated successfully.",
            "systemd[1]: Started session-{number}.scope - Session {number} of User {user}."
        );

    public static Script Kernel { get; } =
        Script.Syslog(
            14,
            false,
            "kernel: [{number}.{number}] eth0: renamed from veth{number}",
            "kernel: [{number}.{number}] br-{number}: port {short}(veth{number}) entered forwarding state",
            "kernel: [{number}.{number}] perf: interrupt took too long (2{short} > 2500), lowering kernel.perf_event_max_sample_rate"
        );

    public static Script Dropped { get; } =
        Script.Syslog(
            8,
            true,
            "kernel: [{number}.{number}] [UFW BLOCK] IN=eth0 OUT= MAC=52:54:00:aa:bb:cc SRC={address} DST=192.0.2.10 LEN=40 TOS=0x00 PREC=0x00 TTL=2{short} ID={pid} PROTO=TCP SPT={port} DPT=23 WINDOW=1024 RES=0x00 SYN URGP=0"
        );

    public static Script Mail { get; } =
        Script.Syslog(
            16,
            false,
            "postfix/smtpd[{pid}]: connect from mail.{domain}[{address}]",
            "postfix/smtpd[{pid}]: {hex}: client=mail.{domain}[{address}]",
            "postfix/cleanup[{pid}]: {hex}: message-id=<{number}.{number}@{domain}>",
            "postfix/qmgr[812]: {hex}: from=<{user}@{domain}>, size={number}, nrcpt=1 (queue active)",
            "postfix/smtp[{pid}]: {hex}: to=<{user}@{domain}>, relay=mail.{domain}[{address}]:25, delay=0.{short}, delays=0.1/0/0.2/0.{short}, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as {hex})",
            "postfix/qmgr[812]: {hex}: removed",
            "postfix/smtpd[{pid}]: disconnect from mail.{domain}[{address}] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5"
        );

    public static Script RejectedMail { get; } =
        Script.Syslog(
            1,
            true,
            "postfix/smtpd[{pid}]: connect from unknown[{address}]",
            "postfix/smtpd[{pid}]: NOQUEUE: reject: RCPT from unknown[{address}]: 554 5.7.1 <{user}@{domain}>: Relay access denied; from=<{user}@{domain}> to=<{user}@{domain}> proto=ESMTP helo=<mail>",
            "postfix/smtpd[{pid}]: disconnect from unknown[{address}] ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4"
        );

    public static Script Web { get; } =
        Script.Plain(
            26,
            false,
            "{address} - - [{webtime}] \"GET {path} HTTP/1.1\" 200 {number} \"https://www.{domain}/\" \"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\"",
            "{address} - - [{webtime}] \"GET {path}?page={short} HTTP/2.0\" 200 {number} \"-\" \"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)\"",
            "{address} - - [{webtime}] \"POST {path} HTTP/1.1\" 302 {short} \"-\" \"curl/8.5.0\"",
            "{address} - - [{webtime}] \"GET {path} HTTP/1.1\" 304 0 \"-\" \"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\""
        );

    public static Script WebProbe { get; } =
        Script.Plain(1, true, "{address} - - [{webtime}] \"GET /wp-login.php HTTP/1.1\" 404 162 \"-\" \"Mozilla/5.0\"");
}
