using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Redoubt.App.Replay;

/// <summary>One line on standard error that tells how far a replay is; only where a person sees it.</summary>
/// <remarks>Asked after every chunk, it writes five times a second at most. Threads: one stage calls it.</remarks>
internal sealed class ReplayProgress : IDisposable
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ReplayInput _input;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly bool _isShown;
    private TimeSpan _next = Pause;
    private bool _isDrawn;

    internal ReplayProgress(ReplayInput input)
    {
        _input = input;
        _isShown = !Console.IsErrorRedirected;
    }

    /// <summary>Time since the start.</summary>
    internal TimeSpan Elapsed => _watch.Elapsed;

    internal void Show(long lines)
    {
        if (!_isShown || _watch.Elapsed < _next)
            return;

        _next = _watch.Elapsed + Pause;
        _isDrawn = true;
        Console.Error.Write("\r" + Text(lines, _input.ReadBytes, _input.TotalBytes, _watch.Elapsed).PadRight(78));
    }

    /// <summary>Takes the line away; the time stands still from here on.</summary>
    internal void End()
    {
        _watch.Stop();
        Dispose();
    }

    public void Dispose()
    {
        if (_isDrawn)
            Console.Error.Write("\r" + new string(' ', 78) + "\r");

        _isDrawn = false;
    }

    /// <summary>The line's text.</summary>
    /// <param name="lines">Lines so far.</param>
    /// <param name="read">Bytes so far.</param>
    /// <param name="total">Bytes of all files; 0 when not known.</param>
    /// <param name="elapsed">Time since the start.</param>
    internal static string Text(long lines, long read, long total, TimeSpan elapsed)
    {
        var rate = elapsed > TimeSpan.Zero ? lines / elapsed.TotalSeconds : 0;
        var text = new StringBuilder();
        if (total > 0)
        {
            var part = Math.Clamp((double)read / total, 0, 1);
            var full = (int)(part * BarWidth);
            text.Append('[').Append('#', full).Append('.', BarWidth - full).Append("] ");
            text.Append(CultureInfo.InvariantCulture, $"{(int)(part * 100), 3} %  ");
        }

        text.Append(CultureInfo.InvariantCulture, $"{lines:N0} lines  {rate:N0}/s");
        if (total > 0 && read > 0)
            text.Append("  ").Append(Remaining(elapsed * ((double)(total - Math.Min(read, total)) / read))).Append(" left");

        return text.ToString();
    }

    private static string Remaining(TimeSpan left) =>
        left.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours}h {left.Minutes:00}m")
            : string.Create(CultureInfo.InvariantCulture, $"{left.Minutes}:{left.Seconds:00}");
}
