namespace CnnFast.Compile;

/// <summary>How long and how large a value is, in the steps of a plan.</summary>
/// <param name="Id">The value.</param>
/// <param name="Length">Floats.</param>
/// <param name="First">The step that writes it first.</param>
/// <param name="Last">The last step that reads it.</param>
internal sealed record ValueLifetime(int Id, long Length, int First, int Last)
{
    /// <summary>Whether both values are alive in some step.</summary>
    public bool Overlaps(ValueLifetime other) => First <= other.Last && other.First <= Last;
}
