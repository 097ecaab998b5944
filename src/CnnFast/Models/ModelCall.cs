namespace CnnFast;

/// <summary>One use of a model inside another that is being described.</summary>
/// <param name="Model">The model.</param>
/// <param name="Inputs">What it reads.</param>
internal sealed record ModelCall(Model Model, ModelNode[] Inputs) : NodeCall(Inputs);
