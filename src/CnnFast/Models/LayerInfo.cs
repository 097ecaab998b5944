using CnnFast.Graphs;

namespace CnnFast;

/// <summary>What a model says about one of its layers.</summary>
/// <param name="Name">The unique name.</param>
/// <param name="Kind">The kind, such as <c>Conv2D</c>; <c>Input</c> for the input.</param>
/// <param name="Inputs">The names of the layers that it reads.</param>
/// <param name="OutputShape">The shape of its output for one sample; where <see cref="HasBatch"/> is false, all of its shape.</param>
/// <param name="ParameterCount">Weights that it holds; 0 where it shares those of an earlier layer.</param>
/// <param name="MultiplyAdds">Multiply-adds of one sample.</param>
public sealed record LayerInfo(
    string Name,
    string Kind,
    IReadOnlyList<string> Inputs,
    Shape OutputShape,
    long ParameterCount,
    long MultiplyAdds)
{
    /// <summary>
    /// Whether a run has an output for every sample; false for constants, and in imported models that compute one batch of fixed size.
    /// </summary>
    public bool HasBatch { get; init; } = true;

    /// <summary>
    /// Whether callers of the model receive what it computes; false for inputs. In imported models the output may have another name.
    /// </summary>
    public bool IsOutput { get; init; }

    /// <summary>
    /// Its attributes as model files hold them: one JSON object, such as
    /// <c>{"filters":8,"kernelSize":[3,3]}</c>; <c>{}</c> where it has none.
    /// </summary>
    public string Attributes => AttributeWriter.Text(Operation);

    /// <summary>
    /// The activation that it ends in, such as <c>Softmax</c>, <c>Sigmoid</c> or <c>ReLU</c>: its own, or that of a layer that has one
    /// inside; null where there is none.
    /// </summary>
    public string? Activation => GraphEnd.ActivationOf(Operation);

    /// <summary>What it computes; null for an input.</summary>
    internal Operation? Operation { get; init; }
}
