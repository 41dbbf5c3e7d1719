using System.Globalization;
using System.Net;

namespace Redoubt.Respond.NeverBlock;

/// <summary>A login from another host.</summary>
/// <param name="User">The account's name.</param>
/// <param name="Address">Where it came from.</param>
/// <param name="StartUnixMilliseconds">When it began.</param>
/// <param name="Process">The process whose end is the session's end; 0 where the table itself tells of the end.</param>
internal readonly record struct LoginSession(string User, IPAddress Address, long StartUnixMilliseconds, int Process = 0)
{
    /// <summary>Whether it has not ended.</summary>
    internal bool IsOpen(HostFiles files) =>
        Process == 0 || Directory.Exists(Path.Join(files.Processes, Process.ToString(CultureInfo.InvariantCulture)));
}
