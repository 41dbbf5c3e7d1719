using System.Buffers;
using System.Globalization;
using Redoubt.Decide;
using Redoubt.Model;
using Redoubt.Model.Markup;
using Redoubt.Patterns;

namespace Redoubt.Config;

// <active-response> of the manager: active-response.md 1.3 and 1.5.
internal sealed partial class SectionReader
{
    // What counts as a place when it stands inside another word: Wazuh searches for these, and finds "AS" in "last".
    private static readonly (string Word, ResponseHosts Hosts)[] Places =
    [
        ("server", ResponseHosts.Server),
        ("analysisd", ResponseHosts.Server),
        ("as", ResponseHosts.Server),
        ("local", ResponseHosts.Local),
        ("defined-agent", ResponseHosts.DefinedAgent),
        ("all", ResponseHosts.All),
        ("any", ResponseHosts.All),
    ];

    private static readonly SearchValues<char> RuleIdText = SearchValues.Create("0123456789, \t\r\n");

    internal void ActiveResponse(MarkupElement section)
    {
        if (section.Children.Count > 0 && section.Children.All(c => ExecutorElements.Contains(c.Name)))
        {
            Executor(section);
            return;
        }

        var draft = new ResponseDraft();
        foreach (var child in section.Children)
            ResponseElement(section, child, draft);

        if (!draft.Disabled && !draft.IsBroken)
            AddResponse(section, draft);
    }

    private void ResponseElement(MarkupElement section, MarkupElement child, ResponseDraft draft)
    {
        switch (child.Name.ToLowerInvariant())
        {
            case "command":
                draft.CommandName = child.Text.Trim();
                break;
            case "location":
                draft.Location = child;
                break;
            case "agent_id":
                draft.AgentId = child;
                break;
            case "level":
                draft.Level = Number(child, 0, 20, 0);
                break;
            case "rules_id":
                draft.RuleIds = RuleIds(child);
                break;
            case "rules_group":
                draft.Group = RulesGroup(child);
                break;
            case "timeout":
                draft.Timeout = Timeout(child);
                break;
            case "disabled":
                draft.Disabled = YesNo(child, false);
                break;
            case "mode":
                draft.Mode = Mode(child, ResponseMode.Enforce);
                break;
            case "require_origin":
                draft.RequiredOrigin = RequireOrigin(child);
                break;
            case "ignore_white_list":
                draft.IgnoreWhiteList = YesNo(child, false);
                break;
            case "repeated_offenders":
                Offenders(child);
                draft.HasExecutorSettings = true;
                break;
            case "reset_after":
                ResetOffenders(child);
                draft.HasExecutorSettings = true;
                break;
            case "ca_store":
                break;
            default:
                Unknown(section, child);
                draft.IsBroken = true;
                break;
        }
    }

    private RequiredOrigin RequireOrigin(MarkupElement child)
    {
        switch (child.Text.Trim())
        {
            case "relayed":
                return RequiredOrigin.Relayed;
            case "verified":
                return RequiredOrigin.Verified;
            case "any":
                return RequiredOrigin.Any;
            default:
                BadValue(
                    child,
                    "Write verified (only what is proven to be the program's own), relayed (what daemons of hosts wrote), or any (also lines from the network and of ordinary accounts)."
                );
                return RequiredOrigin.Relayed;
        }
    }

    private void AddResponse(MarkupElement section, ResponseDraft draft)
    {
        if (draft.CommandName.Length == 0 || draft.Location is not { Content.Length: > 0 })
        {
            if (!draft.HasExecutorSettings)
                Error(section, "CONF0040", "1281", "<active-response> needs <command> and <location>.", "Add what is missing.");

            return;
        }

        var command = _commands.Find(c => string.Equals(c.Name, draft.CommandName, StringComparison.Ordinal));
        if (command is null)
        {
            Error(
                section,
                "CONF0041",
                "1303",
                $"No <command> named '{draft.CommandName}' stands before this.",
                "Define the command first, with that name."
            );
            return;
        }

        var groups = new List<string>();
        var hosts = Hosts(draft.Location, groups);
        if (hosts == ResponseHosts.None || AgentIds(section, draft, ref hosts) is not { } agents)
            return;

        var timeout = draft.Timeout;
        if (timeout != 0 && !command.TimeoutAllowed)
        {
            Note(
                section,
                "CONF0042",
                "1305",
                $"Command '{command.Name}' allows no timeout; the response stays until it is removed.",
                "Set <timeout_allowed>yes</timeout_allowed> in the command."
            );
            timeout = 0;
        }

        if (draft is { Level: 0, Group: null, RuleIds.Count: 0 })
            Warning(section, "CONF0043", null, "This response has no trigger and never runs.", "Add <rules_id>, <rules_group> or <level>.");

        var response = new ActiveResponseOptions
        {
            Command = command,
            Hosts = hosts,
            AgentIds = agents,
            GroupNames = groups,
            Level = draft.Level,
            RulesGroup = draft.Group,
            RuleIds = draft.RuleIds,
            TimeoutSeconds = timeout,
            Mode = draft.Mode,
            IgnoreWhiteList = draft.IgnoreWhiteList,
            RequiredOrigin = draft.RequiredOrigin,
        };
        var clash = _responses.Find(r =>
            string.Equals(r.InternalName, response.InternalName, StringComparison.Ordinal)
            && !string.Equals(r.Command.Name, command.Name, StringComparison.Ordinal)
        );
        if (clash is null)
            _responses.Add(response);
        else
            Error(
                section,
                "CONF0044",
                null,
                $"'{command.Name}' with {timeout} s and '{clash.Command.Name}' with {clash.TimeoutSeconds} s give the same name '{response.InternalName}'.",
                "Rename one command."
            );
    }

    private ResponseHosts Hosts(MarkupElement location, List<string> groups)
    {
        var hosts = ResponseHosts.None;
        foreach (var word in location.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            switch (word.ToLowerInvariant())
            {
                case "local":
                    hosts |= ResponseHosts.Local;
                    break;
                case "server" or "analysisd" or "analysis-server" or "as":
                    hosts |= ResponseHosts.Server;
                    break;
                case "defined-agent":
                    hosts |= ResponseHosts.DefinedAgent;
                    break;
                case "all" or "any":
                    hosts |= ResponseHosts.All;
                    break;
                case var group when group.StartsWith("group:", StringComparison.Ordinal) && group.Length > 6:
                    hosts |= ResponseHosts.Group;
                    groups.Add(word[6..]);
                    break;
                default:
                    var inside = PlacesInside(word);
                    if (inside == ResponseHosts.None)
                    {
                        Error(
                            location,
                            "CONF0045",
                            "1302",
                            $"'{word}' is not a place for a response.",
                            "Write local, server, defined-agent, all or group:NAME."
                        );
                        return ResponseHosts.None;
                    }

                    Warning(
                        location,
                        "CONF0052",
                        null,
                        $"'{word}' is taken for {inside}, as Wazuh takes it.",
                        "Write local, server, defined-agent, all or group:NAME, separated by commas."
                    );
                    hosts |= inside;
                    break;
            }
        }

        if (hosts == ResponseHosts.None)
            Error(location, "CONF0045", "1302", "<location> is empty.", "Write local, server, defined-agent, all or group:NAME.");

        return hosts;
    }

    private static ResponseHosts PlacesInside(string text) =>
        Places
            .Where(p => text.Contains(p.Word, StringComparison.OrdinalIgnoreCase))
            .Aggregate(ResponseHosts.None, (found, place) => found | place.Hosts);

    private List<string>? AgentIds(MarkupElement section, ResponseDraft draft, ref ResponseHosts hosts)
    {
        var ids = new List<string>();
        if (!hosts.HasFlag(ResponseHosts.DefinedAgent))
            return ids;

        var words = draft.AgentId?.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (draft.AgentId is null || words.Length == 0)
        {
            Error(section, "CONF0046", "1304", "location defined-agent needs <agent_id>.", "Add <agent_id>.");
            return null;
        }

        foreach (var word in words)
        {
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                BadValue(draft.AgentId, "Write agent ids, separated by commas.");
                return null;
            }

            if (id == 0)
                Warning(
                    draft.AgentId,
                    "CONF0047",
                    "1306",
                    "Agent 000 is the manager's own host and is left out.",
                    "Use location server for it."
                );
            else
                ids.Add(id.ToString("000", CultureInfo.InvariantCulture));
        }

        if (ids.Count > 0)
            return ids;

        hosts &= ~ResponseHosts.DefinedAgent;
        return hosts == ResponseHosts.None ? null : ids;
    }

    // Wazuh reads ids until the first character that is neither a digit, a comma nor a blank.
    private HashSet<int> RuleIds(MarkupElement child)
    {
        var ids = new HashSet<int>();
        var end = child.Text.AsSpan().IndexOfAnyExcept(RuleIdText);
        var readable = end < 0 ? child.Text : child.Text[..end];
        foreach (var word in readable.Split([',', ' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                ids.Add(id);
            else
                BadValue(child, "Write ids of at most 6 digits, separated by commas.");
        }

        if (end >= 0)
            Warning(
                child,
                "CONF0048",
                null,
                $"<rules_id> is read up to '{Shown(child.Text[end..])}' only.",
                "Write ids separated by commas."
            );

        return ids;
    }

    private OsRegex? RulesGroup(MarkupElement child)
    {
        var pattern = OsRegex.Parse(child.Content, out var problem);
        if (pattern is null)
            Error(
                child,
                "CONF0049",
                "1235",
                $"The pattern of <rules_group> is not valid: {problem}.",
                "Write group names, separated by |."
            );

        return pattern;
    }

    private long Timeout(MarkupElement child)
    {
        if (Seconds(child.Text) is { } seconds)
            return seconds;

        BadValue(child, "Write seconds, or a number with s, m, h, d or w; at most ten years.");
        return 0;
    }

    private sealed class ResponseDraft
    {
        public string CommandName { get; set; } = string.Empty;
        public MarkupElement? Location { get; set; }
        public MarkupElement? AgentId { get; set; }
        public int Level { get; set; }
        public HashSet<int> RuleIds { get; set; } = [];
        public OsRegex? Group { get; set; }
        public long Timeout { get; set; }
        public bool Disabled { get; set; }
        public ResponseMode Mode { get; set; }
        public bool IgnoreWhiteList { get; set; }
        public RequiredOrigin RequiredOrigin { get; set; }
        public bool HasExecutorSettings { get; set; }
        public bool IsBroken { get; set; }
    }
}
