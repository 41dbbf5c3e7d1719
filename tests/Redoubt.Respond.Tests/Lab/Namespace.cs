using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Redoubt.Tests.Respond.Lab;

/// <summary>A network namespace of the test's own; removed at the end.</summary>
internal sealed partial class Namespace : IDisposable
{
    private const int NewNet = 0x40000000;
    private static int made;

    internal Namespace()
    {
        Name = $"rdt-{Environment.ProcessId}-{Interlocked.Increment(ref made)}";
        Tool.Run("ip", "netns", "add", Name);
        Ip("link", "set", "lo", "up");
    }

    internal string Name { get; }

    /// <summary>Skips the test where namespaces cannot be made.</summary>
    internal static void Need()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root to make network namespaces");
        foreach (var tool in (string[])["ip", "nft"])
            Assert.SkipWhen(Tool.Find(tool) is null, $"needs {tool} (packages iproute2, nftables)");
    }

    internal string Ip(params string[] arguments) => Tool.Run("ip", ["-n", Name, .. arguments]);

    internal string Nft(params string[] arguments) => Tool.Run("ip", ["netns", "exec", Name, Tool.Find("nft")!, .. arguments]);

    internal void NftScript(string script) => Tool.RunWithInput("ip", script, "netns", "exec", Name, Tool.Find("nft")!, "-f", "-");

    /// <summary>Runs something on a thread inside the namespace: sockets made there belong to it for ever.</summary>
    internal T Inside<T>(Func<T> act)
    {
        var result = default(T);
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle("/var/run/netns/" + Name);
                if (SetNs(file, NewNet) != 0)
                    throw new InvalidOperationException($"setns failed: {Marshal.GetLastPInvokeError()}");
                result = act();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    public void Dispose() => Tool.Run("ip", "netns", "delete", Name);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNs(SafeFileHandle file, int type);
}
