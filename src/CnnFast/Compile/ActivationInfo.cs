namespace CnnFast;

/// <summary>An activation in the arena of a compiled model, with all that lies in its memory: views and what is written over it.</summary>
/// <param name="Name">The layer that owns it.</param>
/// <param name="Offset">Its first byte in the arena.</param>
/// <param name="Bytes">Its bytes, of all samples that pass through the steps at once.</param>
/// <param name="FirstStep">The step that writes it first, by its place in <see cref="PlanInfo.Steps"/>.</param>
/// <param name="LastStep">The last step that reads it.</param>
public sealed record ActivationInfo(string Name, long Offset, long Bytes, int FirstStep, int LastStep);
