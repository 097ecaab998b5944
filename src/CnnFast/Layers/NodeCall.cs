namespace CnnFast;

/// <summary>One use of something with several outputs, such as a model, in a description.</summary>
/// <param name="Inputs">What it reads.</param>
internal abstract record NodeCall(ModelNode[] Inputs);
