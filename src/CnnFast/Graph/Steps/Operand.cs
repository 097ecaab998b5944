namespace CnnFast.Graphs;

/// <summary>Where a value lives during a run.</summary>
/// <param name="Place">Which memory.</param>
/// <param name="Offset">The first float in the arena; elsewhere which of the caller's inputs or outputs it is.</param>
/// <param name="SampleLength">Floats of one sample.</param>
internal readonly record struct Operand(OperandPlace Place, int Offset, int SampleLength)
{
    /// <summary>A value that is not wanted.</summary>
    public static Operand None => new(OperandPlace.None, 0, 0);
}
