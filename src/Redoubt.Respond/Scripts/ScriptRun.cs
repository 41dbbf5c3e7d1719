using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Redoubt.Respond.Scripts;

/// <summary>Talks to one running program until it ends or has to be ended.</summary>
/// <remarks>
/// Blocks its thread, which is the program's own: whatever the program does, nobody else waits for it. Memory: one buffer of 16 KiB.
/// A program that ends while something it started goes on in the background is done: that something is left alone, as with Wazuh.
/// </remarks>
internal sealed unsafe class ScriptRun
{
    private const int BufferBytes = 16 * 1024;

    // How often a kernel that cannot tell of a process's end is asked.
    private const int AskEveryMilliseconds = 20;

    private readonly ChildProcess child;
    private readonly ScriptLimits limits;
    private readonly ScriptTalk talk;
    private readonly CancellationToken stopping;
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly byte[] buffer = new byte[BufferBytes];
    private readonly List<byte> line = [];
    private readonly ErrorTail errors = new();
    private ReadOnlyMemory<byte> outgoing;
    private bool closesInput;
    private bool isOutputOpen = true;
    private bool isErrorOpen = true;
    private bool isLineDone;
    private bool isAnswered;
    private bool spoke;
    private int written;

    private ScriptRun(ChildProcess child, ScriptTalk talk, ScriptLimits limits, CancellationToken stopping)
    {
        this.child = child;
        this.limits = limits;
        this.talk = talk;
        this.stopping = stopping;
        outgoing = talk.Opening;
        closesInput = talk.Answer is null;
    }

    /// <summary>Talks to a program that has just been started.</summary>
    internal static ScriptResult Run(ChildProcess child, ScriptTalk talk, ScriptLimits limits, CancellationToken stopping) =>
        new ScriptRun(child, talk, limits, stopping).Run();

    private TimeSpan Took => Stopwatch.GetElapsedTime(started);

    private ScriptResult Run()
    {
        while (true)
        {
            Write();
            var hasEnded = Wait();
            Read(child.Output, ref isOutputOpen, isOutput: true);
            Read(child.Error, ref isErrorOpen, isOutput: false);
            if (written > limits.MaxOutputBytes)
                return EndedBy(ScriptEnd.TooMuchOutput);
            if (hasEnded && child.TryReap(out var status))
                return Ended(status);
            if (stopping.IsCancellationRequested)
                return EndedBy(ScriptEnd.Stopped);
            if (Took >= limits.Whole)
                return EndedBy(ScriptEnd.Deadline);
            if (talk.MustAnswer && !isLineDone && Took >= limits.Answer)
                return EndedBy(ScriptEnd.NoAnswer);
        }
    }

    private ScriptResult Ended(int? status)
    {
        // What it wrote last may have come between the reading and the end.
        Read(child.Output, ref isOutputOpen, isOutput: true);
        Read(child.Error, ref isErrorOpen, isOutput: false);
        var signal = status & 0x7F;
        return Result(ScriptEnd.Exited) with { ExitCode = signal == 0 ? (status >> 8) & 0xFF : null, Signal = signal ?? 0 };
    }

    private ScriptResult EndedBy(ScriptEnd end)
    {
        child.KillAndReap();
        Read(child.Error, ref isErrorOpen, isOutput: false);
        return Result(end);
    }

    private ScriptResult Result(ScriptEnd end) =>
        new()
        {
            End = end,
            Spoke = spoke,
            IsAnswered = isAnswered,
            ErrorText = errors.Text,
            Took = Took,
            Limits = limits,
        };

    /// <summary>Waits until the program does something, ends, or its time is over.</summary>
    /// <returns>Whether it may have ended.</returns>
    private bool Wait()
    {
        var entries = stackalloc ChildNative.PollEntry[4];
        entries[0] = Entry(child.Input, outgoing.Length > 0 ? ChildNative.PollOut : (short)0, outgoing.Length > 0);
        entries[1] = Entry(child.Output, ChildNative.PollIn, isOutputOpen);
        entries[2] = Entry(child.Error, ChildNative.PollIn, isErrorOpen);
        var tellsEnd = !child.Ended.IsInvalid;
        entries[3] = Entry(child.Ended, ChildNative.PollIn, tellsEnd);

        var until = talk.MustAnswer && !isLineDone && limits.Answer < limits.Whole ? limits.Answer : limits.Whole;
        var left = (int)Math.Clamp(Math.Ceiling((until - Took).TotalMilliseconds), 0, 500);
        ChildNative.Poll(entries, 4, tellsEnd ? left : Math.Min(left, AskEveryMilliseconds));
        return !tellsEnd || entries[3].Found != 0;
    }

    // A file of -1 is passed over by the kernel.
    private static ChildNative.PollEntry Entry(SafeFileHandle file, short wanted, bool isWatched) =>
        new() { File = isWatched ? (int)file.DangerousGetHandle() : -1, Wanted = wanted };

    private void Write()
    {
        while (outgoing.Length > 0)
        {
            nint count;
            fixed (byte* start = outgoing.Span)
                count = ChildNative.Write(child.Input, start, outgoing.Length);
            if (count < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (error == ChildNative.Again)
                    return;
                if (error == ChildNative.Interrupted)
                    continue;

                // It does not read its input, which is its own affair; its exit code tells whether that was well.
                outgoing = default;
                closesInput = true;
                break;
            }

            outgoing = outgoing[(int)count..];
        }

        if (closesInput && !child.Input.IsClosed)
            child.Input.Close();
    }

    private void Read(SafeFileHandle file, ref bool isOpen, bool isOutput)
    {
        while (isOpen && written <= limits.MaxOutputBytes)
        {
            nint count;
            fixed (byte* start = buffer)
                count = ChildNative.Read(file, start, buffer.Length);
            if (count < 0 && Marshal.GetLastPInvokeError() == ChildNative.Interrupted)
                continue;
            if (count < 0)
                return;

            if (count == 0)
            {
                isOpen = false;
                if (isOutput)
                    EndOutput();
                return;
            }

            written += (int)count;
            if (isOutput)
                Take(buffer.AsSpan(0, (int)count));
            else
                errors.Add(buffer.AsSpan(0, (int)count));
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        spoke = true;
        talk.Output?.AddRange(bytes);
        while (!isLineDone && talk.Answer is not null && bytes.Length > 0)
        {
            var newline = bytes.IndexOf((byte)'\n');
            var part = newline < 0 ? bytes : bytes[..newline];
            line.AddRange(part[..Math.Min(part.Length, ScriptLimits.MaxAnswerBytes + 1 - line.Count)]);
            bytes = newline < 0 ? default : bytes[(newline + 1)..];
            if (newline >= 0 || line.Count > ScriptLimits.MaxAnswerBytes)
                Answer();
        }
    }

    // An answer without its newline is one all the same.
    private void EndOutput()
    {
        if (line.Count > 0 && !isLineDone)
            Answer();
        isLineDone = true;

        // Nobody is left who could ask for more.
        closesInput = true;
    }

    private void Answer()
    {
        var said = line.ToArray();
        line.Clear();
        if (talk.Answer!(said) is not { } reply)
            return;

        (outgoing, closesInput) = (reply, true);
        (isLineDone, isAnswered) = (true, true);
    }

    /// <summary>The last bytes of what a program wrote.</summary>
    private sealed class ErrorTail
    {
        private readonly byte[] ring = new byte[ScriptLimits.ErrorTailBytes];
        private int end;
        private bool isFull;

        internal string Text =>
            ScriptResult.OneLine(isFull ? [.. ring.AsSpan(end), .. ring.AsSpan(0, end)] : ring.AsSpan(0, end).ToArray());

        internal void Add(ReadOnlySpan<byte> bytes)
        {
            foreach (var b in bytes[Math.Max(0, bytes.Length - ring.Length)..])
            {
                ring[end] = b;
                end = (end + 1) % ring.Length;
                isFull |= end == 0;
            }
        }
    }
}
