namespace CnnFast.Operators;

/// <summary>One axis of the pixels that a phase writes: grid position g lies at Origin + g·Step, for g from First on.</summary>
/// <param name="Origin">Floats of grid position 0; negative where that position does not exist.</param>
/// <param name="Step">Floats between two grid positions.</param>
/// <param name="First">The first grid position that exists.</param>
/// <param name="Count">Grid positions that exist.</param>
internal readonly record struct DestinationAxis(nint Origin, nint Step, int First, int Count);
