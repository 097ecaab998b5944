namespace CnnFast.Operators;

/// <summary>
/// Two stretches of memory that the next block of pixels will pack, handed out a tile at a time: tiles ask for a line a pixel while they
/// multiply, so that packing does not wait for memory.
/// </summary>
internal unsafe struct ReadAhead(float* first, nint firstFloats, float* second, nint secondFloats)
{
    private const int LineFloats = 16;

    private readonly float* _second = second;
    private readonly float* _secondEnd = second + secondFloats;
    private float* _at = first;
    private float* _end = first + firstFloats;

    /// <summary>The next lines, one for each of some pixels; <paramref name="rest"/> when all have been handed out.</summary>
    public float* Take(nint pixels, float* rest)
    {
        if (_at >= _end)
        {
            if (_end == _secondEnd)
                return rest;
            _at = _second;
            _end = _secondEnd;
        }

        float* at = _at;
        _at += pixels * LineFloats;
        return at;
    }
}
