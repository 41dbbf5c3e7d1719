namespace Redoubt.Respond.Scripts;

/// <summary>The words with which the stock programs of Wazuh refuse; people and tests look for them.</summary>
/// <remarks>Source: active-response.md section 4, common frame.</remarks>
internal static class StockTexts
{
    internal const string NoInput = "Cannot read input from stdin";
    internal const string WrongInput = "Invalid input format";
    internal const string WrongCommand = "Invalid value of 'command'";
    internal const string NoAddress = "Cannot read 'srcip' from data or invalid IP format";
    internal const string NoUser = "Cannot read 'dstuser' from data or invalid username format";
}
