using CnnFast.Kernels;

namespace CnnFast.Graphs;

/// <summary>An <see cref="CnnFast.Activation"/> as a node of its own; never <see cref="Activation.None"/>.</summary>
internal sealed record ActivationOperation(Activation Activation) : FunctionOperation
{
    public override string Kind => Activation.ToString();

    public override string NamePrefix => Activation switch
    {
        Activation.ReLU => "relu",
        Activation.ReLU6 => "relu6",
        Activation.SiLU => "silu",
        Activation.HardSwish => "hard_swish",
        Activation.Sigmoid => "sigmoid",
        _ => "tanh",
    };

    protected override Epilogue Function => Activation;
}
