using System.Text.Json;
using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>A function of <see cref="ElementFunctions"/> on every element, any shape.</summary>
/// <param name="Epilogue">The function with its constants, not the identity.</param>
internal sealed record FunctionOperation(Epilogue Epilogue) : Operation
{
    /// <summary>A function with constants.</summary>
    public FunctionOperation(ElementFunction function, float alpha = 0, float beta = 0)
        : this(new Epilogue(function, alpha, beta))
    {
    }

    /// <summary>The function.</summary>
    public ElementFunction Function => Epilogue.Function!;

    public override string Kind => Function.Name;

    public override string NamePrefix => Function.NamePrefix;

    public override Epilogue? AsEpilogue => Epilogue;

    /// <summary>Reads the constants of a function.</summary>
    public static Operation Read(ElementFunction function, AttributeReader json) =>
        new FunctionOperation(function, Constant(function.Alpha, json), Constant(function.Beta, json));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        if (Function.Alpha is { } alpha)
            json.WriteFloat(alpha.Name, Epilogue.Alpha);
        if (Function.Beta is { } beta)
            json.WriteFloat(beta.Name, Epilogue.Beta);
    }

    public override void Validate(string who)
    {
        if (Function.Alpha is { Minimum: { } minimum } alpha)
            OptionCheck.FiniteAtLeast(who, alpha.Name.Replace('_', ' '), Epilogue.Alpha, minimum);
    }

    public override bool CanOverwrite(int input) => true;

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override ForwardStep CreateForward(NodeShapes shapes) => new ActivationStep(Epilogue);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new Backward(Epilogue);

    private static float Constant(FunctionConstant? constant, AttributeReader json) => constant switch
    {
        null => 0,
        { Minimum: null } => json.Number(constant.Name),
        _ => json.Single(constant.Name),
    };

    private sealed class Backward(Epilogue function) : BackwardStep
    {
        private readonly ActivationOperator _operator = ActivationOperator.Create(function);

        public override void Run(in BackwardContext context) => _operator.Backward(
            context.Scheduler,
            _operator.GradientNeedsInput ? context.Input(0) : context.Output,
            context.OutputGradient,
            context.InputGradient(0));
    }
}
