namespace CnnFast.Graphs;

/// <summary>Where a value lives during a run.</summary>
/// <param name="Place">Which memory.</param>
/// <param name="Offset">The first float in the arena; elsewhere which of the caller's inputs or outputs it is.</param>
/// <param name="SampleLength">Elements of one sample; of a whole value all.</param>
internal readonly record struct Operand(OperandPlace Place, int Offset, int SampleLength)
{
    /// <summary>Whether it is one value a run.</summary>
    public bool IsWhole { get; init; }

    /// <summary>What its elements are.</summary>
    public ElementType Type { get; init; }

    /// <summary>
    /// Floats from a pixel to the next where the value lies inside a concatenation; 0 where its pixels follow one another.
    /// </summary>
    public int Pitch { get; init; }

    /// <summary>The first of its channels in the concatenation.</summary>
    public int Channel { get; init; }

    /// <summary>Its channels in the concatenation.</summary>
    public int Channels { get; init; }

    /// <summary>A value that is not wanted.</summary>
    public static Operand None => new(OperandPlace.None, 0, 0);

    /// <summary>Floats of n samples, from the first pixel's first channel to the last pixel's last.</summary>
    public int Length(int n)
    {
        int elements = IsWhole ? SampleLength : n * SampleLength;
        if (Pitch == 0)
            return (int)ElementTypes.FloatsFor(Type, elements);
        return (((elements / Channels) - 1) * Pitch) + Channels;
    }
}
