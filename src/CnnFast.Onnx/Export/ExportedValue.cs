using CnnFast.Graphs;

namespace CnnFast.Onnx.Export;

/// <summary>
/// A value of the model in the ONNX graph: the tensors that hold it, one for each order in which it was computed or asked for.
/// </summary>
/// <param name="sample">Its shape in the model, without the batch.</param>
/// <param name="image">The image <c>[H, W, C]</c> that it is, that it is a row of, or that it is behind further dimensions of 1; null where
/// no order but the natural one exists.</param>
internal sealed class ExportedValue(Shape sample, Shape? image)
{
    private readonly string?[] _tensors = new string?[2];

    public Shape Sample => sample;

    public Shape? Image => image;

    /// <summary>What it is where it is a constant, which is written in the orders that are asked for.</summary>
    public ConstantOperation? Constant { get; init; }

    /// <summary>What a constant is to be called.</summary>
    public string ConstantName { get; init; } = "";

    /// <summary>The order of the tensor that exists; channels first where both do.</summary>
    public TensorOrder Order =>
        Constant is not null || this[TensorOrder.ChannelsFirst] is null ? TensorOrder.Natural : TensorOrder.ChannelsFirst;

    /// <summary>The name of the tensor of an order, null where there is none yet.</summary>
    public string? this[TensorOrder order]
    {
        get => _tensors[(int)order];
        set => _tensors[(int)order] = value;
    }

    public void Rename(string tensor, string name)
    {
        for (int i = 0; i < _tensors.Length; i++)
        {
            if (_tensors[i] == tensor)
                _tensors[i] = name;
        }
    }
}
