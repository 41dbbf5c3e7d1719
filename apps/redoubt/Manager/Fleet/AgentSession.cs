using System.Threading.Channels;
using Redoubt.Model;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>One agent while it is connected.</summary>
/// <remarks>Threads: <see cref="Send"/> from anywhere; one task writes the stream.</remarks>
internal sealed class AgentSession(AgentIdentity identity, IReadOnlyList<string> groups, CancellationTokenSource ending)
{
    private readonly Channel<ManagerMessage> _outgoing = Channel.CreateUnbounded<ManagerMessage>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    /// <summary>Who it is.</summary>
    internal AgentIdentity Identity { get; private set; } = identity;

    /// <summary>Alerts show these labels from now on.</summary>
    internal void Use(IReadOnlyList<KeyValuePair<string, string>> labels) => Identity = Identity with { Labels = labels };

    /// <summary>Its groups, in order.</summary>
    internal IReadOnlyList<string> Groups { get; set; } = groups;

    /// <summary>Start of its process, by its own clock: another one after a restart.</summary>
    internal long Started { get; init; }

    /// <summary>Which of the agent's enrolments its certificate comes from.</summary>
    internal int Generation { get; init; }

    /// <summary>When its newest certificate ends, Unix milliseconds.</summary>
    internal long CertificateEnds { get; set; }

    /// <summary>Whether it has told its state; until then it is pending.</summary>
    internal bool IsActive { get; set; }

    /// <summary>Whether its enforcer answers.</summary>
    internal bool HasEnforcer { get; set; }

    /// <summary>What it told last of its host.</summary>
    internal HostState? Host { get; set; }

    /// <summary>Blocks the host has to hold.</summary>
    internal int BlocksDecided { get; set; }

    /// <summary>Those of them that were read back from its kernel.</summary>
    internal int BlocksEnforced { get; set; }

    /// <summary>Times since the agent's start that its firewall had to be repaired.</summary>
    internal long Repairs { get; set; }

    /// <summary>The spool of a command's output that filled last, and to how many percent; null: none did in this connection.</summary>
    internal (string Location, int Percent)? Spool { get; set; }

    /// <summary>Hash of the shared configuration it has or was sent.</summary>
    internal string ConfigSha256 { get; set; } = string.Empty;

    /// <summary>Lines of this connection.</summary>
    internal long LinesReceived { get; set; }

    /// <summary>Messages to be written.</summary>
    internal ChannelReader<ManagerMessage> Outgoing => _outgoing.Reader;

    /// <summary>Queues a message; lost with the stream, after which the agent asks again.</summary>
    internal void Send(ManagerMessage message) => _outgoing.Writer.TryWrite(message);

    /// <summary>Sends a last message and ends the connection; who does not take it has two seconds.</summary>
    internal void EndWith(ManagerMessage message)
    {
        Send(message);
        _outgoing.Writer.TryComplete();
        try
        {
            ending.CancelAfter(LongestFarewell);
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(2);

    /// <summary>Ends the connection.</summary>
    internal void End()
    {
        try
        {
            ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }
}
