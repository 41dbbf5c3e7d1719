namespace Redoubt.App.Up;

/// <summary>The built-in configuration of <c>redoubt up</c>, for homes without one of their own.</summary>
/// <remarks>It is written as a file, so that its owner can read it, copy it to <c>etc/redoubt.conf</c>, and change it there.</remarks>
internal static class DefaultPolicy
{
    private static readonly string[] AuthenticationLogs = ["/var/log/auth.log", "/var/log/secure"];

    /// <summary>Authentication logs of this host that exist now.</summary>
    internal static IReadOnlyList<string> ExistingLogs => [.. AuthenticationLogs.Where(File.Exists)];

    /// <summary>Whether a journal is there to be read instead.</summary>
    internal static bool HasJournal => Directory.Exists("/run/log/journal") || Directory.Exists("/var/log/journal");

    /// <summary>The configuration's text.</summary>
    internal static string Text(bool enforce)
    {
        // Files that appear later are picked up; the journal only where no file tells the same lines.
        var logs = AuthenticationLogs.Select(LocalFile).ToList();
        if (ExistingLogs.Count == 0 && HasJournal)
            logs.Add(JournalSection);

        return Template
            .Replace("{MODE}", enforce ? "enforce" : "observe", StringComparison.Ordinal)
            .Replace("{LOGS}", string.Concat(logs), StringComparison.Ordinal);
    }

    // Only what the ssh server's own unit wrote: any user of the host can write "sshd" lines into the journal.
    private const string JournalSection = """
          <localfile>
            <log_format>journald</log_format>
            <location>journald</location>
            <filter field="_SYSTEMD_UNIT">^ssh.service$|^sshd.service$</filter>
          </localfile>

        """;

    private static string LocalFile(string path) =>
        $"  <localfile>\n    <log_format>syslog</log_format>\n    <location>{path}</location>\n  </localfile>\n";

    private const string Template = """
        <!-- The built-in policy of "redoubt up", written anew at each start.
             To make it yours, copy it to etc/redoubt.conf of the home and change it there: what stands there is done as written. -->
        <redoubt_config>
          <global>
            <jsonout_output>yes</jsonout_output>
            <mode>{MODE}</mode>
            <white_list>127.0.0.1</white_list>
            <white_list>::1</white_list>
          </global>

          <alerts>
            <log_alert_level>3</log_alert_level>
            <email_alert_level>12</email_alert_level>
          </alerts>

          <command>
            <name>firewall-drop</name>
            <executable>firewall-drop</executable>
            <timeout_allowed>yes</timeout_allowed>
          </command>

          <!-- Guessed passwords and unknown users, many times from one address. -->
          <active-response>
            <command>firewall-drop</command>
            <location>local</location>
            <rules_group>authentication_failures</rules_group>
            <timeout>1800</timeout>
          </active-response>

          <active-response>
            <repeated_offenders>60,120,180</repeated_offenders>
          </active-response>

        {LOGS}  <localfile>
            <log_format>syslog</log_format>
            <location>/var/ossec/logs/active-responses.log</location>
          </localfile>
        </redoubt_config>

        """;
}
