namespace Redoubt.Lab;

/// <summary>The servers that are attacked, set up as their documentation recommends where addresses are to be logged.</summary>
public static class DaemonRecipes
{
    /// <summary>nginx with a protected page; access and error log.</summary>
    public static DaemonRecipe Nginx { get; } =
        new()
        {
            Name = "nginx",
            Packages = Of("nginx", ["nginx"], ["usr/sbin/nginx"]),
            Accounts = ["www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin"],
            Files = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["/etc/nginx-lab/password"] = "alice:{PLAIN}right\n",
                ["/etc/nginx-lab/nginx.conf"] = """
                    user www-data;
                    worker_processes 1;
                    pid /run/nginx-lab.pid;
                    daemon off;
                    error_log /var/log/nginx/error.log;
                    events { worker_connections 64; }
                    http {
                      access_log /var/log/nginx/access.log combined;
                      root /var/www;
                      server {
                        listen 80 default_server;
                        listen [::]:80 default_server;
                        location /private/ { auth_basic "private"; auth_basic_user_file /etc/nginx-lab/password; }
                      }
                    }

                    """,
            },
            Preparation = "mkdir -p /var/log/nginx /var/lib/nginx /var/www",
            Start = "exec nginx -c /etc/nginx-lab/nginx.conf",
            Port = 80,
            LogFiles = ["/var/log/nginx/error.log", "/var/log/nginx/access.log"],
        };

    /// <summary>Dovecot's IMAP server with its own log file.</summary>
    public static DaemonRecipe Dovecot { get; } =
        new()
        {
            Name = "Dovecot",
            Packages = Of("dovecot", ["dovecot-core", "dovecot-imapd"], ["usr/sbin/dovecot", "usr/lib/dovecot/imap-login"]),
            Accounts = ["dovecot:x:111:111::/nonexistent:/usr/sbin/nologin", "dovenull:x:112:112::/nonexistent:/usr/sbin/nologin"],
            Files = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["/etc/dovecot-lab/users"] = "alice:{PLAIN}right\n",
                ["/etc/dovecot-lab/dovecot.conf"] = """
                    protocols = imap
                    listen = *, ::
                    base_dir = /run/dovecot-lab
                    log_path = /var/log/dovecot.log
                    ssl = no
                    disable_plaintext_auth = no
                    auth_mechanisms = plain login
                    auth_verbose = yes
                    auth_failure_delay = 0
                    # No answer comes later for those who failed before: the test would only wait.
                    service anvil {
                      unix_listener anvil-auth-penalty {
                        mode = 0
                      }
                    }
                    passdb {
                      driver = passwd-file
                      args = /etc/dovecot-lab/users
                    }
                    userdb {
                      driver = static
                      args = uid=1000 gid=1000 home=/var/lib/lab/alice
                    }

                    """,
            },
            Start = "exec dovecot -F -c /etc/dovecot-lab/dovecot.conf",
            Port = 143,
            LogFiles = ["/var/log/dovecot.log"],
        };

    /// <summary>vsftpd with its own log file; PAM refuses everybody.</summary>
    public static DaemonRecipe Vsftpd { get; } =
        new()
        {
            Name = "vsftpd",
            Packages = Of("vsftpd", ["vsftpd"], ["usr/sbin/vsftpd"]),
            Files = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["/etc/pam.d/vsftpd-lab"] = "auth required pam_deny.so\naccount required pam_deny.so\n",
                ["/etc/vsftpd-lab.conf"] = """
                    listen_ipv6=YES
                    background=NO
                    local_enable=YES
                    anonymous_enable=NO
                    delay_failed_login=0
                    xferlog_enable=YES
                    xferlog_std_format=NO
                    vsftpd_log_file=/var/log/vsftpd.log
                    pam_service_name=vsftpd-lab
                    secure_chroot_dir=/run/vsftpd-lab

                    """,
            },
            Preparation = "mkdir -p /run/vsftpd-lab",
            Start = "exec vsftpd /etc/vsftpd-lab.conf",
            Port = 21,
            LogFiles = ["/var/log/vsftpd.log"],
        };

    /// <summary>PostgreSQL with a line prefix that names the client, which Debian's own does not.</summary>
    public static DaemonRecipe PostgreSql { get; } =
        new()
        {
            Name = "PostgreSQL",
            Packages = Of("postgresql", ["postgresql"], ["usr/lib/postgresql/*/bin/postgres"]) with
            {
                Followed = "postgresql-1",
                Unwanted = "libllvm", // for its compiler of queries, which is large and loaded only when used
            },
            Accounts = ["postgres:x:113:113::/var/lib/postgresql-lab:/usr/sbin/nologin"],
            Preparation = """
                install -d -o postgres -g postgres /var/lib/postgresql-lab /var/log/postgresql /run/postgresql
                setpriv --reuid=113 --regid=113 --clear-groups /usr/lib/postgresql/*/bin/initdb --no-sync --auth=trust -D /var/lib/postgresql-lab/data >/dev/null
                cat >>/var/lib/postgresql-lab/data/postgresql.conf <<'END'
                listen_addresses = '*'
                log_connections = on
                log_line_prefix = '%m [%p] %h '
                fsync = off
                END
                printf 'host %s all all password\n' all postgres >/var/lib/postgresql-lab/data/pg_hba.conf
                """,
            Start =
                "exec setpriv --reuid=113 --regid=113 --clear-groups /usr/lib/postgresql/*/bin/postgres -D /var/lib/postgresql-lab/data 2>>/var/log/postgresql/postgresql.log",
            Port = 5432,
            LogFiles = ["/var/log/postgresql/postgresql.log"],
        };

    /// <summary>Redis with a password, open to the network. It names addresses only in its verbose log.</summary>
    public static DaemonRecipe Redis { get; } =
        new()
        {
            Name = "Redis",
            Packages = Of("redis", ["redis-server", "redis-tools"], ["usr/bin/redis-check-rdb"]),
            Preparation = "mkdir -p /var/log/redis",
            Start =
                "exec redis-server --bind 0.0.0.0 :: --port 6379 --protected-mode no --loglevel verbose --requirepass right --save '' --dir /tmp --logfile /var/log/redis/redis-server.log",
            Port = 6379,
            LogFiles = ["/var/log/redis/redis-server.log"],
        };

    /// <summary>Postfix, which asks Dovecot about passwords, knows one recipient and relays for nobody.</summary>
    public static DaemonRecipe Postfix { get; } =
        new()
        {
            Name = "Postfix",
            Packages = Of("postfix", ["postfix", "dovecot-core"], ["usr/sbin/postfix", "usr/lib/postfix/sbin/smtpd", "usr/sbin/dovecot"]),
            Accounts =
            [
                "dovecot:x:111:111::/nonexistent:/usr/sbin/nologin",
                "dovenull:x:112:112::/nonexistent:/usr/sbin/nologin",
                "postfix:x:114:114::/nonexistent:/usr/sbin/nologin",
                "postdrop:x:115:115::/nonexistent:/usr/sbin/nologin",
            ],
            Files = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["/etc/dovecot-lab/users"] = "alice:{PLAIN}right\n",
                ["/etc/dovecot-lab/dovecot.conf"] = """
                    protocols =
                    base_dir = /run/dovecot-lab
                    log_path = /var/log/dovecot.log
                    ssl = no
                    disable_plaintext_auth = no
                    auth_mechanisms = plain login
                    auth_failure_delay = 0
                    service anvil {
                      unix_listener anvil-auth-penalty {
                        mode = 0
                      }
                    }
                    service auth {
                      unix_listener postfix-lab {
                        mode = 0666
                      }
                    }
                    passdb {
                      driver = passwd-file
                      args = /etc/dovecot-lab/users
                    }
                    userdb {
                      driver = static
                      args = uid=1000 gid=1000 home=/var/lib/lab/alice
                    }

                    """,
                ["/etc/postfix-lab/main.cf"] = """
                    compatibility_level = 3.6
                    queue_directory = /var/spool/postfix-lab
                    data_directory = /var/lib/postfix-lab
                    daemon_directory = /usr/lib/postfix/sbin
                    mail_owner = postfix
                    setgid_group = postdrop
                    inet_interfaces = all
                    inet_protocols = all
                    myhostname = mail.example.org
                    mydestination = example.org
                    alias_maps =
                    local_recipient_maps = inline:{ alice=here }
                    maillog_file = /var/log/postfix.log
                    smtpd_sasl_auth_enable = yes
                    smtpd_sasl_type = dovecot
                    smtpd_sasl_path = /run/dovecot-lab/postfix-lab
                    smtpd_relay_restrictions = reject_unauth_destination
                    # No answer comes later after errors: the test would only wait.
                    smtpd_error_sleep_time = 0

                    """,
                ["/etc/postfix-lab/master.cf"] = """
                    smtp      inet  n - n - - smtpd
                    pickup    unix  n - n 60 1 pickup
                    cleanup   unix  n - n - 0 cleanup
                    qmgr      unix  n - n 300 1 qmgr
                    rewrite   unix  - - n - - trivial-rewrite
                    bounce    unix  - - n - 0 bounce
                    defer     unix  - - n - 0 bounce
                    proxymap  unix  - - n - - proxymap
                    anvil     unix  - - n - 1 anvil
                    tlsmgr    unix  - - n 1000 1 tlsmgr
                    local     unix  - n n - - local
                    error     unix  - - n - - error
                    retry     unix  - - n - - error
                    postlog   unix-dgram n - n - 1 postlogd

                    """,
                // Dovecot answers on its socket when the command returns; both end together.
                ["/etc/postfix-lab/run"] = """
                    dovecot -c /etc/dovecot-lab/dovecot.conf >/dev/null 2>&1 || exit
                    postfix -c /etc/postfix-lab start-fg >/dev/null 2>&1 &
                    trap 'kill $! "$(cat /run/dovecot-lab/master.pid)"; wait' TERM
                    wait

                    """,
            },
            Preparation = "mkdir -p /var/spool/postfix-lab && install -d -o postfix /var/lib/postfix-lab",
            Start = "exec /bin/bash /etc/postfix-lab/run",
            Port = 25,
            LogFiles = ["/var/log/postfix.log"],
        };

    private static UnpackedPackages Of(string folder, IReadOnlyList<string> wanted, IReadOnlyList<string> programs) =>
        new()
        {
            FolderName = folder,
            Complete = "complete-1",
            Wanted = wanted,
            Programs = programs,
        };
}
