using System.Text;

namespace Redoubt.Corpus;

/// <summary>One run of a script: what its lines have in common, such as address and process number.</summary>
internal sealed class Session
{
    private static readonly byte[][] GuessedUsers = Words(
        "admin test oracle postgres ubuntu git deploy ftpuser user guest pi nagios hadoop minecraft mysql jenkins tomcat www support backup"
    );
    private static readonly byte[][] OwnUsers = Words("alice bob carol dave erin frank");
    private static readonly byte[][] Hosts = Words("web1");
    private static readonly byte[][] Paths = Words(
        "/ /index.html /static/app.js /static/style.css /api/v1/items /api/v1/users /favicon.ico /images/logo.png /health /login"
    );
    private static readonly byte[][] Domains = Words("example.com example.net example.org mail.example.com");

    private readonly SeededRandom _random;
    private readonly byte[] _user;
    private readonly uint _address;
    private readonly int _port;
    private readonly int _pid;

    /// <param name="script">What happens.</param>
    /// <param name="attacker">Number of the attacking address.</param>
    /// <param name="random">What the session is made of.</param>
    public Session(Script script, int attacker, SeededRandom random)
    {
        Script = script;
        _random = random;
        _user = Choose(script.IsAttack ? GuessedUsers : OwnUsers);

        // Attackers: 10.0.0.0/8, in an order that looks like none (an odd factor reaches each address once). Others: 192.168.0.0/16.
        _address = script.IsAttack ? 0x0A000000 | ((uint)attacker * 0x9E3779B1 & 0xFFFFFF) : 0xC0A80000 | (uint)random.Next(200);
        _port = 1_024 + random.Next(64_000);
        _pid = 300 + random.Next(60_000);
    }

    /// <summary>What a template may ask for.</summary>
    public static HashSet<string> Places { get; } =
        new("head webtime user address port pid number short hex path domain".Split(' '), StringComparer.Ordinal);

    public Script Script { get; }

    /// <summary>Lines written so far.</summary>
    public int Written { get; private set; }

    public bool IsOver => Written == Script.Lines.Length;

    public void WriteNext(LineBuffer buffer, LogTime time) => Script.Lines[Written++].Write(buffer, this, time);

    public void Write(LineBuffer buffer, string place, LogTime time)
    {
        switch (place)
        {
            case "head":
                buffer.Add(time.Syslog);
                buffer.Add(" "u8);
                buffer.Add(Hosts[0]);
                break;
            case "webtime":
                buffer.Add(time.Web);
                break;
            case "user":
                buffer.Add(_user);
                break;
            case "address":
                WriteAddress(buffer);
                break;
            case "port":
                buffer.Add(_port);
                break;
            case "pid":
                buffer.Add(_pid);
                break;
            case "number":
                buffer.Add(100_000 + _random.Next(900_000));
                break;
            case "short":
                buffer.Add(1 + _random.Next(99));
                break;
            case "hex":
                WriteHex(buffer);
                break;
            case "path":
                buffer.Add(Choose(Paths));
                break;
            default:
                buffer.Add(Choose(Domains));
                break;
        }
    }

    private static byte[][] Words(string words) => Array.ConvertAll(words.Split(' '), Encoding.ASCII.GetBytes);

    private byte[] Choose(byte[][] words) => words[_random.Next(words.Length)];

    private void WriteAddress(LineBuffer buffer)
    {
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            buffer.Add((int)(_address >> shift & 0xFF));
            if (shift > 0)
                buffer.Add("."u8);
        }
    }

    private void WriteHex(LineBuffer buffer)
    {
        Span<byte> digits = stackalloc byte[10];
        foreach (ref var digit in digits)
            digit = "0123456789ABCDEF"u8[_random.Next(16)];

        buffer.Add(digits);
    }
}
