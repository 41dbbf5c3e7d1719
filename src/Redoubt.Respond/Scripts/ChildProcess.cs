using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Redoubt.Respond.Scripts;

/// <summary>A running program in a session of its own, with pipes to its standard input, output and error.</summary>
/// <remarks>It gets exactly the arguments and environment given, no signal handling of ours, and no open file but the three pipes.
/// Threads: one at a time. The owner reaps it with <see cref="TryReap"/> or <see cref="KillAndReap"/>.</remarks>
internal sealed unsafe class ChildProcess : IDisposable
{
    private ChildProcess(int processId, Pipe input, Pipe output, Pipe error)
    {
        ProcessId = processId;
        Input = input.Ours;
        Output = output.Ours;
        Error = error.Ours;
        Ended = ChildNative.OpenProcess(processId);
    }

    /// <summary>Its process id, which is the id of its session and process group too.</summary>
    internal int ProcessId { get; }

    /// <summary>Writes to its standard input; never blocks.</summary>
    internal SafeFileHandle Input { get; }

    /// <summary>Reads its standard output; never blocks.</summary>
    internal SafeFileHandle Output { get; }

    /// <summary>Reads its standard error; never blocks.</summary>
    internal SafeFileHandle Error { get; }

    /// <summary>Readable once the process has ended; invalid on a kernel before 5.3.</summary>
    internal SafeFileHandle Ended { get; }

    /// <summary>Whether it has been reaped: its process id may belong to somebody else now.</summary>
    internal bool IsReaped { get; private set; }

    /// <summary>Starts a program.</summary>
    /// <param name="path">The file; relative to <paramref name="folder"/>.</param>
    /// <param name="arguments">All arguments, the zeroth first.</param>
    /// <param name="environment">The whole environment, <c>NAME=value</c> each.</param>
    /// <param name="folder">The working folder.</param>
    /// <exception cref="IOException">It could not be started; the message says why.</exception>
    internal static ChildProcess Start(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, string folder)
    {
        Pipe? input = null,
            output = null,
            error = null;
        try
        {
            input = Pipe.Open(oursWrites: true);
            output = Pipe.Open(oursWrites: false);
            error = Pipe.Open(oursWrites: false);
            var process = Spawn(path, arguments, environment, folder, input, output, error);
            return new ChildProcess(process, input, output, error);
        }
        catch
        {
            input?.Ours.Dispose();
            output?.Ours.Dispose();
            error?.Ours.Dispose();
            throw;
        }
        finally
        {
            input?.Theirs.Dispose();
            output?.Theirs.Dispose();
            error?.Theirs.Dispose();
        }
    }

    /// <summary>Takes the exit status, when it has ended.</summary>
    /// <param name="status">The status word of <c>waitpid</c>; null when somebody else has taken it.</param>
    internal bool TryReap(out int? status)
    {
        status = null;
        int result,
            word;
        do result = ChildNative.Wait(ProcessId, out word, ChildNative.DoNotWait);
        while (result < 0 && Marshal.GetLastPInvokeError() == ChildNative.Interrupted);
        if (result == 0)
            return false;

        IsReaped = true;
        if (result > 0)
            status = word;
        return true;
    }

    /// <summary>Ends it with everything it has started, and takes its status.</summary>
    internal void KillAndReap()
    {
        if (IsReaped)
            return;

        ProcessTree.Kill(ProcessId);
        int result;
        do result = ChildNative.Wait(ProcessId, out _, 0);
        while (result < 0 && Marshal.GetLastPInvokeError() == ChildNative.Interrupted);
        IsReaped = true;
    }

    public void Dispose()
    {
        KillAndReap();
        Input.Dispose();
        Output.Dispose();
        Error.Dispose();
        Ended.Dispose();
    }

    private static int Spawn(
        string path,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> environment,
        string folder,
        Pipe input,
        Pipe output,
        Pipe error
    )
    {
        var attributes = stackalloc byte[ChildNative.StructBytes];
        var actions = stackalloc byte[ChildNative.StructBytes];
        var signals = stackalloc byte[ChildNative.StructBytes];
        ChildNative.InitAttributes(attributes);
        ChildNative.InitActions(actions);
        using var argumentList = new TextList(arguments);
        using var environmentList = new TextList(environment);
        try
        {
            // The runtime ignores SIGPIPE, which would pass to the program: its pipelines would not end as they do in a shell.
            ChildNative.AllSignals(signals);
            Check(ChildNative.SetSignalDefaults(attributes, signals), path);
            ChildNative.EmptySignals(signals);
            Check(ChildNative.SetSignalMask(attributes, signals), path);
            const short flags = ChildNative.SpawnSetSession | ChildNative.SpawnSetSignalDefaults | ChildNative.SpawnSetSignalMask;
            Check(ChildNative.SetAttributeFlags(attributes, flags), path);

            Check(ChildNative.AddChangeFolder(actions, folder), path);
            Check(ChildNative.AddDuplicate(actions, (int)input.Theirs.DangerousGetHandle(), 0), path);
            Check(ChildNative.AddDuplicate(actions, (int)output.Theirs.DangerousGetHandle(), 1), path);
            Check(ChildNative.AddDuplicate(actions, (int)error.Theirs.DangerousGetHandle(), 2), path);
            Check(ChildNative.AddCloseFrom(actions, 3), path);
            Check(ChildNative.Spawn(out var process, path, actions, attributes, argumentList.Pointers, environmentList.Pointers), path);
            return process;
        }
        finally
        {
            ChildNative.DestroyActions(actions);
            ChildNative.DestroyAttributes(attributes);
        }
    }

    private static void Check(int error, string path)
    {
        const int wrongFormat = 8;
        if (error == 0)
            return;

        var hint = error == wrongFormat ? ": it is no program, and no script that begins with #! and its interpreter" : "";
        throw new IOException($"{path} cannot be started: {new Win32Exception(error).Message}{hint}");
    }

    /// <summary>Two ends of a pipe that no other program inherits by accident; ours never blocks.</summary>
    private sealed record Pipe(SafeFileHandle Ours, SafeFileHandle Theirs)
    {
        internal static Pipe Open(bool oursWrites)
        {
            var ends = stackalloc int[2];
            if (ChildNative.Pipe(ends, ChildNative.CloseOnExec) != 0)
                throw new IOException($"no pipe to a response program: {Marshal.GetLastPInvokeErrorMessage()}");

            // An end that happened to be 0, 1 or 2 would be overwritten in the child before it is used: the runtime holds those three.
            var read = new SafeFileHandle(ends[0], ownsHandle: true);
            var write = new SafeFileHandle(ends[1], ownsHandle: true);
            var pipe = oursWrites ? new Pipe(write, read) : new Pipe(read, write);
            var flags = ChildNative.Control(pipe.Ours, ChildNative.GetFlags, 0);
            ChildNative.Control(pipe.Ours, ChildNative.SetFlags, flags | ChildNative.NonBlocking);
            return pipe;
        }
    }

    /// <summary>A list of C strings that ends with a null pointer.</summary>
    private sealed class TextList : IDisposable
    {
        private readonly byte*[] texts;

        internal TextList(IReadOnlyList<string> list)
        {
            texts = new byte*[list.Count];
            Pointers = (byte**)NativeMemory.AllocZeroed((nuint)(list.Count + 1), (nuint)sizeof(byte*));
            for (var i = 0; i < list.Count; i++)
            {
                var bytes = Encoding.UTF8.GetBytes(list[i]);
                texts[i] = (byte*)NativeMemory.AllocZeroed((nuint)(bytes.Length + 1));
                bytes.CopyTo(new Span<byte>(texts[i], bytes.Length));
                Pointers[i] = texts[i];
            }
        }

        internal byte** Pointers { get; }

        public void Dispose()
        {
            foreach (var text in texts)
                NativeMemory.Free(text);
            NativeMemory.Free(Pointers);
        }
    }
}
