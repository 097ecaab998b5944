namespace CnnFast.Operators;

/// <summary>
/// The checks that stand between a caller's spans and the kernels' pointers. One sentence each; nothing is allocated when they hold.
/// </summary>
internal static class OperatorChecks
{
    public static void Length(string who, string what, int length, int expected, object sizes)
    {
        if (length != expected)
            throw new ShapeException($"{who}: {what} has {length} elements, expected {expected} ({sizes}).");
    }

    public static void Workspace(string who, int length, int expected, object sizes)
    {
        if (length < expected)
            throw new ShapeException($"{who}: workspace has {length} bytes, needs {expected} ({sizes}).");
    }

    public static void Batch(string who, int n, int most, object sizes)
    {
        if (n < 1 || n > most)
            throw new ShapeException($"{who}: batch is {n}, expected 1 to {most} ({sizes}).");
    }

    /// <summary>As the other overload, where the sizes of the operation are the expected length itself.</summary>
    public static void Length(string who, string what, int length, long expected)
    {
        if (length != expected)
            throw new ShapeException($"{who}: {what} has {length} elements, expected {expected}.");
    }

    /// <summary>A matrix needs at least one row and one column.</summary>
    public static void Matrix(string who, int rows, int columns)
    {
        if (rows < 1 || columns < 1)
            throw new ShapeException($"{who}: {rows} rows of {columns} columns were given, expected at least 1 of each.");
    }

    /// <summary>Pixels must not overlap, and a tensor must fit in one buffer.</summary>
    public static void Pitch(string who, int pitch, int channels, long pixels, object sizes)
    {
        if (pitch < channels || pixels * pitch > Array.MaxLength)
            throw new ShapeException($"{who}: {pixels} pixels {pitch} floats apart were given, expected them {channels} floats or more " +
                $"apart and within {Array.MaxLength} floats ({sizes}).");
    }

    /// <summary>The pitches of a pooling's input and output; 0 means its channels.</summary>
    public static void Pitches(string who, Pool2DGeometry g, int input, int output)
    {
        Pitch(who, input == 0 ? g.C : input, g.C, (long)g.N * g.H * g.W, g);
        Pitch(who, output == 0 ? g.C : output, g.C, (long)g.N * g.OH * g.OW, g);
    }

    public static int PackedLength(long floats, object sizes) => floats <= Array.MaxLength / 2
        ? (int)floats
        : throw new ShapeException($"Conv2D: the packed filter has {floats} elements, more than one buffer can hold ({sizes}).");
}
