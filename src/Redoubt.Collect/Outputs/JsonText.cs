using System.Buffers;
using System.Text.Encodings.Web;

namespace Redoubt.Collect;

/// <summary>Bytes of a log as they may stand between the quotes of a JSON string.</summary>
internal static class JsonText
{
    /// <summary>Writes them; what is no UTF-8 becomes U+FFFD.</summary>
    internal static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        const int roomForOne = 32;
        while (!text.IsEmpty)
        {
            var room = output.GetSpan(text.Length + roomForOne);
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(text, room, out var consumed, out var written);
            output.Advance(written);
            text = text[consumed..];
        }
    }
}
