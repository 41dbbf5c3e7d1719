using System.Net.Sockets;
using System.Text;
using Redoubt.Model;

namespace Redoubt.Respond.Scripts;

/// <summary>One of our responses as a program of its own, for executors of others: JSON on standard input, keys on standard output, the work done by
/// the enforcer of the home.</summary>
/// <remarks>
/// Exit code 0 when it was done or the executor said abort; 255 for input that is none; 1 when the enforcer could not or must not, with the reason
/// on standard error. Its lines in <c>active-responses.log</c> are those of the programs of Wazuh 4.2 and later, and a result.
/// Source: active-response.md 2.5 and section 4.
/// </remarks>
public sealed class StockProgram
{
    private const int WrongInput = 255;
    private const int NotDone = 1;
    private const int MaxLineBytes = 1024 * 1024;

    private readonly string name;
    private readonly string home;
    private readonly Stream input;
    private readonly Stream output;
    private readonly TextWriter errors;
    private readonly TimeProvider time;
    private readonly ResponseLogFile log;

    private StockProgram(string name, string home, Stream input, Stream output, TextWriter errors, TimeProvider time)
    {
        (this.name, this.home, this.input, this.output, this.errors, this.time) = (name, home, input, output, errors, time);
        log = new ResponseLogFile(home, time);
    }

    /// <summary>Does what the lines on its input ask for.</summary>
    /// <param name="name">One of <see cref="KnownResponses.Programs"/>.</param>
    /// <param name="home">The home whose enforcer does it.</param>
    /// <param name="input">Lines of the executor.</param>
    /// <param name="output">Gets the keys.</param>
    /// <param name="errors">Gets what went wrong, for people.</param>
    /// <param name="time">Stamps the log.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string name, string home, Stream input, Stream output, TextWriter errors, TimeProvider time) =>
        new StockProgram(name, home, input, output, errors, time).RunAsync();

    private async Task<int> RunAsync()
    {
        Log("Starting"u8);
        var line = await ReadLineAsync().ConfigureAwait(false);
        if (line.Length == 0)
            return Refuse(StockTexts.NoInput);

        if (ResponseInput.Read(line) is not { } asked)
            return Refuse(StockTexts.WrongInput);
        if (asked.Command is not ("add" or "delete"))
            return Refuse(StockTexts.WrongCommand);

        Log(line);
        var request = RequestFor(asked);
        var subject = request.Target ?? request.User ?? "";
        if (WhyNoSubject(request) is { } problem)
            return Refuse(problem);

        if (asked.Command == "add" && HasKeys && await AskAsync(subject).ConfigureAwait(false) is { } exitCode)
            return exitCode;

        var started = time.GetTimestamp();
        var reply = await SendAsync(request).ConfigureAwait(false);
        return Finish(asked, subject, reply, time.GetElapsedTime(started));
    }

    private bool IsFirewall => KnownResponses.IsFirewall(name);

    private bool ActsOnUser => name.StartsWith("disable-account", StringComparison.Ordinal);

    private bool HasKeys => IsFirewall || ActsOnUser || name.StartsWith("ip-customblock", StringComparison.Ordinal);

    private EnforceRequest RequestFor(ResponseInput asked)
    {
        var isAdd = asked.Command == "add";
        var verb =
            IsFirewall ? (isAdd ? EnforceVerb.Block : EnforceVerb.Release)
            : isAdd ? EnforceVerb.Run
            : EnforceVerb.Undo;
        var isAddress = BlockTarget.TryParse(asked.Facts.SourceAddress, out var source) && source.IsSingle;
        return new EnforceRequest
        {
            Verb = verb,
            Response = name,
            Target = isAddress && !ActsOnUser ? source.ToString() : null,
            User = asked.Facts.User.Length > 0 ? asked.Facts.User : null,
            AlertDocument = asked.Alert,
            AlertId = asked.AlertId,
            RuleId = asked.RuleId,
            ExtraArguments = [.. asked.Arguments],
            OriginName = asked.Origin,

            // The executor that has called counts the time, and this program writes the lines.
            LogForm = ResponseLogForm.None,
        };
    }

    private string? WhyNoSubject(EnforceRequest request) =>
        ActsOnUser ? (UserNames.IsOne(request.User) && request.User != "root" ? null : StockTexts.NoUser)
        : HasKeys && request.Target is null ? StockTexts.NoAddress
        : null;

    // Null: go on.
    private async Task<int?> AskAsync(string subject)
    {
        var keys = ResponseDocument.CheckKeys(
            new ResponseEntry
            {
                Action = ResponseAction.Add,
                Program = name,
                Target = subject,
            }
        );
        Log(keys);
        await output.WriteAsync((byte[])[.. keys, (byte)'\n']).ConfigureAwait(false);
        await output.FlushAsync().ConfigureAwait(false);
        var line = await ReadLineAsync().ConfigureAwait(false);
        if (line.Length == 0)
            return Refuse(StockTexts.NoInput);
        if (ResponseInput.Read(line) is not { } answer)
            return Refuse(StockTexts.WrongInput);

        Log(line);
        switch (answer.Command)
        {
            case "continue":
                return null;
            case "abort":
                Log("Aborted"u8);
                return 0;
            default:
                return Refuse(StockTexts.WrongCommand);
        }
    }

    private async Task<EnforceReply> SendAsync(EnforceRequest request)
    {
        var socket = Path.Join(home, "var", "run", "enforcer.sock");
        try
        {
            var client = await EnforcerClient.ConnectAsync(socket, CancellationToken.None).ConfigureAwait(false);
            await using (client.ConfigureAwait(false))
                return await client.SendAsync(request, CancellationToken.None).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            return Failed($"no enforcer answers on {socket}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            return Failed(e.Message);
        }
    }

    private static EnforceReply Failed(string reason) => new() { Outcome = EnforceOutcome.Failed, Reason = reason };

    private int Finish(ResponseInput asked, string subject, EnforceReply reply, TimeSpan took)
    {
        var isDone = reply.Outcome is EnforceOutcome.Enforced or EnforceOutcome.Released;
        var entry = new ResponseEntry
        {
            Action =
                reply.Outcome == EnforceOutcome.Skipped ? ResponseAction.Skip
                : asked.Command == "add" ? ResponseAction.Add
                : ResponseAction.Delete,
            Program = name,
            Target = subject,
            AlertId = asked.AlertId,
            RuleId = asked.RuleId,
            RemainingMilliseconds = reply.RemainingMilliseconds,
            Took = took,
            Error = isDone ? null : reply.Reason ?? "the enforcer gave no reason",
        };
        Log(ResponseDocument.Result(entry, time.GetUtcNow()));
        Log("Ended"u8);
        if (isDone)
            return 0;

        errors.WriteLine($"{name}: {entry.Error}");
        return NotDone;
    }

    private int Refuse(string text)
    {
        Log(Encoding.UTF8.GetBytes(text));
        errors.WriteLine($"{name}: {text}");
        return WrongInput;
    }

    // One line may come from anywhere: what could end a line of the log is taken out. A log that cannot be written stops no response.
    private void Log(ReadOnlySpan<byte> text)
    {
        try
        {
            var bytes = text[..Math.Min(text.Length, ResponseDocument.MaxBytes)];
            log.WriteLine(name, Encoding.UTF8.GetBytes(ScriptResult.OneLine(bytes)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"{name}: not in the response log: {e.Message}");
        }
    }

    private async Task<byte[]> ReadLineAsync()
    {
        // Byte by byte: what follows the line is the next answer, and must stay in the pipe.
        var line = new List<byte>();
        var one = new byte[1];
        while (line.Count < MaxLineBytes && await input.ReadAsync(one).ConfigureAwait(false) == 1 && one[0] != (byte)'\n')
            line.Add(one[0]);
        return [.. line];
    }
}
