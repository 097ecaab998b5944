namespace CnnFast.Graphs;

/// <summary>Where a backward step finds its values and gradients.</summary>
/// <param name="Inputs">What the forward run read.</param>
/// <param name="Output">What it computed.</param>
/// <param name="InputGradients">Where the gradients of the inputs go; <see cref="Operand.None"/> where not wanted.</param>
/// <param name="OutputGradient">The gradient of the output.</param>
/// <param name="ParameterGradients">Where the gradients of the parameters go: offset and length in floats.</param>
internal sealed record BackwardOperands(Operand[] Inputs, Operand Output, Operand[] InputGradients, Operand OutputGradient, (int Offset, int Length)[] ParameterGradients);
