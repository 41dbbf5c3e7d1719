namespace Redoubt.Engine.Decode;

/// <summary>The decoders that are code instead of a pattern.</summary>
/// <remarks>Never throws, whatever the bytes are. Threads: not safe. Source: rule-engine.md 2.6.</remarks>
internal sealed class PluginDecoders
{
    private readonly JsonFieldDecoder _json = new();
    private readonly SonicWallDecoder _sonicWall = new();

    public void Run(Decoder decoder, DecodedEvent e, TextSpan input)
    {
        switch (decoder.Plugin)
        {
            case DecoderPlugin.Json:
                _json.Run(decoder, e, input);
                break;
            case DecoderPlugin.Pf:
                PfDecoder.Run(e, input);
                break;
            case DecoderPlugin.SymantecWs:
                SymantecWsDecoder.Run(e, input);
                break;
            case DecoderPlugin.SonicWall:
                _sonicWall.Run(e, input);
                break;
            case DecoderPlugin.OssecAlert:
                OssecAlertDecoder.Run(e, input);
                break;
            default:
                break;
        }
    }
}
