namespace CnnFast.Reference;

/// <summary>Rejects spans whose length is not what an operation needs.</summary>
internal static class SpanLength
{
    /// <summary>Throws unless a tensor span has exactly the elements of its shape.</summary>
    /// <exception cref="ShapeException">The length differs.</exception>
    public static void Require(string who, string what, int length, Shape expected)
    {
        if (length != expected.ElementCount)
            throw new ShapeException($"{who}: {what} has {length} elements; expected {expected.ElementCount} for shape {expected}.");
    }

    /// <summary>Throws unless a span that may be left out is empty or has exactly the elements of its shape.</summary>
    /// <exception cref="ShapeException">The length differs.</exception>
    public static void RequireOrEmpty(string who, string what, int length, Shape expected)
    {
        if (length != 0 && length != expected.ElementCount)
            throw new ShapeException(
                $"{who}: {what} has {length} elements; expected none or {expected.ElementCount} for shape {expected}.");
    }

    /// <summary>Throws unless two spans that run side by side have the same length.</summary>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static void RequireSame(string who, string what, int length, string other, int expected)
    {
        if (length != expected)
            throw new ShapeException($"{who}: {what} has {length} elements; expected {expected}, as many as {other}.");
    }
}
