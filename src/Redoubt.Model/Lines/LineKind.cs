namespace Redoubt.Model;

/// <summary>The kind of message: the first byte of Wazuh's queue form (rule-engine.md 1.1).</summary>
public enum LineKind : byte
{
    /// <summary>A line of a log file, of the journal or of a command.</summary>
    Log = (byte)'1',

    /// <summary>A datagram or stream line from a remote syslog sender.</summary>
    Syslog = (byte)'2',

    /// <summary>A Windows event as JSON with its XML.</summary>
    EventChannel = (byte)'f',
}
