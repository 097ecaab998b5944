using System.Diagnostics.CodeAnalysis;

namespace CnnFast.Operators;

/// <summary>Checks of the lengths that callers pass to an operator's Run: nothing out of range reaches a pointer.</summary>
internal static class OperatorLengths
{
    /// <summary>Throws unless a span has exactly as many elements as another.</summary>
    public static void RequireSame(string name, int given, int expected)
    {
        if (given != expected)
            Throw(name, given, expected);
    }

    /// <summary>Throws unless a span holds at least the elements that will be touched.</summary>
    public static void RequireAtLeast(string name, int given, long expected)
    {
        if (given < expected)
            Throw(name, given, expected);
    }

    /// <summary>Throws unless the images of a run are within the batch.</summary>
    public static void RequireBatch(string name, int n, int batch)
    {
        if ((uint)(n - 1) >= (uint)batch)
            ThrowBatch(name, n, batch);
    }

    [DoesNotReturn]
    private static void Throw(string name, int given, long expected) =>
        throw new ShapeException($"{name}: a span of {given} elements was given; expected {expected}.");

    [DoesNotReturn]
    private static void ThrowBatch(string name, int n, int batch) =>
        throw new ShapeException($"{name}: {n} images were given; expected 1 to {batch}.");
}
