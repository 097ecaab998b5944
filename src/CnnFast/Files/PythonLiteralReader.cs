using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace CnnFast.Files;

/// <summary>
/// Reads the few Python literals that a NumPy header is made of: strings without escapes, True, False and tuples of whole numbers.
/// </summary>
internal ref struct PythonLiteralReader(ReadOnlySpan<byte> text, string file)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private readonly string _file = file;
    private int _at;

    /// <summary>Whether the next character, spaces aside, is this one.</summary>
    public bool PeekIs(char expected)
    {
        SkipSpaces();
        return _at < _text.Length && _text[_at] == expected;
    }

    public bool TryTake(char expected)
    {
        bool found = PeekIs(expected);
        if (found)
            _at++;
        return found;
    }

    public void Expect(char expected)
    {
        if (!TryTake(expected))
            throw Unexpected($"'{expected}'");
    }

    public void ExpectEnd()
    {
        SkipSpaces();
        if (_at < _text.Length)
            throw Unexpected("nothing but spaces after the dictionary");
    }

    public string String()
    {
        SkipSpaces();
        byte quote = _at < _text.Length ? _text[_at] : (byte)0;
        if (quote is not ((byte)'\'' or (byte)'"'))
            throw Unexpected("a string in quotes");
        ReadOnlySpan<byte> rest = _text[(_at + 1)..];
        int length = rest.IndexOf(quote);
        if (length < 0 || rest[..length].Contains((byte)'\\') || !Utf8.IsValid(rest[..length]))
            throw Unexpected("a string in quotes, without escapes");
        _at += length + 2;
        return Encoding.UTF8.GetString(rest[..length]);
    }

    public bool Boolean()
    {
        SkipSpaces();
        bool value = _text[_at..].StartsWith("True"u8);
        if (!value && !_text[_at..].StartsWith("False"u8))
            throw Unexpected("True or False");
        _at += value ? 4 : 5;
        return value;
    }

    public List<long> Tuple(int limit)
    {
        var numbers = new List<long>();
        Expect('(');
        bool comma = true;
        while (!TryTake(')'))
        {
            if (!comma)
                throw Unexpected("',' or ')'");
            if (numbers.Count == limit)
                throw Unexpected($"at most {limit} dimensions");
            numbers.Add(Number());
            comma = TryTake(',');
        }

        return numbers.Count == 1 && !comma ? throw Unexpected("a tuple such as (3,)") : numbers;
    }

    private long Number()
    {
        SkipSpaces();
        if (_at == _text.Length || !char.IsAsciiDigit((char)_text[_at])
            || !Utf8Parser.TryParse(_text[_at..], out long number, out int length))
            throw Unexpected($"a whole number from 0 to {long.MaxValue}");
        _at += length;
        return number;
    }

    private void SkipSpaces()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r')
            _at++;
    }

    private readonly DataFormatException Unexpected(string expected)
    {
        string found = _at < _text.Length ? Excerpt.Of(Encoding.Latin1.GetString(_text[_at..Math.Min(_text.Length, _at + 16)])) : "the end";
        return new DataFormatException($"'{_file}': the NumPy header has {found} at byte {_at}; expected {expected}.");
    }
}
