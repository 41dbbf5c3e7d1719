using Redoubt.Model;

namespace Redoubt.Respond.Scripts;

/// <summary>How one program is called for one request: its arguments, its environment, its lines.</summary>
internal sealed class ScriptCall
{
    private static readonly string[] LegacyEndings = [".sh", ".cmd", ".bat"];

    private readonly Order order;
    private readonly AlertFacts facts;
    private readonly ResponseEntry document;
    private readonly byte[] alert;
    private readonly bool readsJson;
    private readonly string action;

    internal ScriptCall(Order order)
    {
        this.order = order;
        var request = order.Request;
        action = request.Verb == EnforceVerb.Undo ? "delete" : "add";
        IsLegacy =
            request.Protocol == ScriptProtocol.Arguments
            || (
                request.Protocol == ScriptProtocol.Auto
                && Array.Exists(LegacyEndings, e => order.Program.EndsWith(e, StringComparison.OrdinalIgnoreCase))
            );
        readsJson = request.Protocol != ScriptProtocol.Arguments;
        facts = AlertFacts.Read(request.AlertDocument);
        document = new ResponseEntry
        {
            Action = ResponseAction.Add,
            Program = order.Program,
            Target = "",
            AlertDocument = request.AlertDocument,
            ExtraArguments = request.ExtraArguments,
            OriginName = request.OriginName,
        };
        alert = ResponseDocument.AlertBytes(document);
        Environment = ScriptArguments.Environment(action, order, facts);
    }

    /// <summary>Whether it gets the arguments of OSSEC.</summary>
    internal bool IsLegacy { get; }

    /// <summary>Whether its contract wants a line of keys from it, or the end of its output.</summary>
    internal bool MustAnswer => !IsLegacy;

    /// <summary>Its whole environment.</summary>
    internal IReadOnlyList<string> Environment { get; }

    /// <summary>All its arguments, the zeroth first: the path, relative to the home in the JSON contract and whole in the older one.</summary>
    internal IReadOnlyList<string> Arguments(string home, string path) =>
        IsLegacy ? [Path.Join(home, path), .. ScriptArguments.Legacy(action, order, facts)] : [path];

    /// <summary>The document with a command word, as one line.</summary>
    internal byte[] Line(string command) => [.. ResponseDocument.Command(document, command, alert), (byte)'\n'];

    /// <summary>How an <c>add</c> is talked about.</summary>
    internal ScriptTalk TalkForAdd(Func<byte[], byte[]?> answer) =>
        readsJson
            ? new ScriptTalk
            {
                Opening = Line("add"),
                Answer = answer,
                MustAnswer = MustAnswer,
            }
            : new ScriptTalk();

    /// <summary>How a <c>delete</c> is talked about: one line, and nothing is listened to.</summary>
    internal ScriptTalk TalkForDelete() => readsJson ? new ScriptTalk { Opening = Line("delete") } : new ScriptTalk();
}
