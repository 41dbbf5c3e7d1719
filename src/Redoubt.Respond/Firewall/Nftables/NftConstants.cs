namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>Numbers of <c>linux/netfilter/nf_tables.h</c> and <c>nfnetlink.h</c>; part of the kernel's stable interface.</summary>
internal static class NftConstants
{
    internal const byte FamilyInet = 1;
    internal const ushort SubsystemNftables = 10;

    internal const ushort BatchBegin = 0x10;
    internal const ushort BatchEnd = 0x11;

    /// <summary>Bit of the multicast group of changes (group 7).</summary>
    internal const uint ChangesGroup = 1 << 6;

    internal const ushort NewTable = SubsystemNftables << 8;
    internal const ushort DeleteTable = (SubsystemNftables << 8) | 2;
    internal const ushort NewChain = (SubsystemNftables << 8) | 3;
    internal const ushort DeleteChain = (SubsystemNftables << 8) | 5;
    internal const ushort NewRule = (SubsystemNftables << 8) | 6;
    internal const ushort DeleteRule = (SubsystemNftables << 8) | 8;
    internal const ushort NewSet = (SubsystemNftables << 8) | 9;
    internal const ushort DeleteSet = (SubsystemNftables << 8) | 11;
    internal const ushort NewGeneration = (SubsystemNftables << 8) | 15;
    internal const ushort GetTable = (SubsystemNftables << 8) | 1;
    internal const ushort GetChain = (SubsystemNftables << 8) | 4;
    internal const ushort GetRule = (SubsystemNftables << 8) | 7;
    internal const ushort GetSet = (SubsystemNftables << 8) | 10;
    internal const ushort NewElement = (SubsystemNftables << 8) | 12;
    internal const ushort GetElement = (SubsystemNftables << 8) | 13;
    internal const ushort DeleteElement = (SubsystemNftables << 8) | 14;

    internal const ushort GetGeneration = (SubsystemNftables << 8) | 16;
    internal const ushort GenerationId = 1;
    internal const ushort GenerationProcessId = 2;
    internal const ushort GenerationProcessName = 3;

    internal const ushort ListElement = 1;
    internal const ushort DataValue = 1;
    internal const ushort DataVerdict = 2;
    internal const ushort VerdictCode = 1;

    internal const ushort ElementListTable = 1;
    internal const ushort ElementListSet = 2;
    internal const ushort ElementListElements = 3;

    internal const ushort ElementKey = 1;
    internal const ushort ElementFlags = 3;
    internal const ushort ElementTimeout = 4;
    internal const ushort ElementExpiration = 5;
    internal const uint ElementIntervalEnd = 1;

    internal const ushort TableName = 1;
    internal const ushort TableFlags = 2;

    internal const ushort ChainTable = 1;
    internal const ushort ChainName = 3;
    internal const ushort ChainHook = 4;
    internal const ushort ChainPolicy = 5;
    internal const ushort ChainType = 7;
    internal const ushort HookNumber = 1;
    internal const ushort HookPriority = 2;
    internal const uint HookPrerouting = 0;
    internal const uint PolicyAccept = 1;

    internal const ushort RuleTable = 1;
    internal const ushort RuleChain = 2;
    internal const ushort RuleExpressions = 4;
    internal const ushort ExpressionName = 1;
    internal const ushort ExpressionData = 2;

    internal const ushort SetTable = 1;
    internal const ushort SetName = 2;
    internal const ushort SetFlags = 3;
    internal const ushort SetKeyLength = 5;
    internal const uint SetFlagInterval = 0x04;
    internal const uint SetFlagMap = 0x08;
    internal const uint SetFlagTimeout = 0x10;

    /// <summary>The kernel counts in nanoseconds of 64 bits; one millisecond more and it says ERANGE.</summary>
    internal const long MaxTimeoutMilliseconds = (long)(ulong.MaxValue / 1_000_000) - 1;
}
