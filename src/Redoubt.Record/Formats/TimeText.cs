using System.Globalization;
using System.Text;

namespace Redoubt.Record;

/// <summary>Writes arrival as records show it; the text of a second is made once.</summary>
/// <remarks>Threads: not safe.</remarks>
/// <param name="zone">The zone of the text.</param>
/// <param name="format">The second's form.</param>
internal sealed class TimeText(TimeZoneInfo zone, string format)
{
    private long _second = long.MinValue;
    private byte[] _text = [];
    private byte[] _offset = [];

    /// <summary>The second in its form.</summary>
    internal ReadOnlySpan<byte> Second(long unixMilliseconds)
    {
        Find(unixMilliseconds);
        return _text;
    }

    /// <summary>Distance from UTC as <c>+hhmm</c>.</summary>
    internal ReadOnlySpan<byte> Offset(long unixMilliseconds)
    {
        Find(unixMilliseconds);
        return _offset;
    }

    private void Find(long unixMilliseconds)
    {
        var second = RecordTime.Clamp(unixMilliseconds) / 1000;
        if (second == _second)
            return;

        var local = RecordTime.Local(unixMilliseconds, zone);
        _second = second;
        _text = Encoding.UTF8.GetBytes(local.ToString(format, CultureInfo.InvariantCulture));
        _offset = Encoding.ASCII.GetBytes(
            (local.Offset < TimeSpan.Zero ? '-' : '+') + local.Offset.ToString("hhmm", CultureInfo.InvariantCulture)
        );
    }
}
