namespace CnnFast.Testing;

/// <summary>How many cases a sweep runs.</summary>
public enum SweepDepth
{
    /// <summary>A few dozen cases: seconds.</summary>
    Quick,

    /// <summary>All cases.</summary>
    Full,
}
