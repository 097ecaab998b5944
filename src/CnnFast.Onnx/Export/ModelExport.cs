using CnnFast.Onnx.Format;
using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Export;

/// <summary>A model as the message that an ONNX file holds.</summary>
internal static class ModelExport
{
    // A message has at most 2 GiB; what is not weights is far below the rest.
    private const long MaxWeightBytes = int.MaxValue - (64L << 20);

    public static ModelProto Create(Model model, OnnxExportOptions options)
    {
        options.Validate();
        long weightBytes = model.ParameterCount * sizeof(float);
        if (weightBytes > MaxWeightBytes)
            throw new NotSupportedException($"OnnxModel.Export: the weights take {weightBytes} bytes; expected at most {MaxWeightBytes}, " +
                "which is what one ONNX file holds.");
        return new ModelProto
        {
            IrVersion = options.IrVersion,
            ProducerName = "CnnFast",
            ProducerVersion = typeof(Model).Assembly.GetName().Version?.ToString(3) ?? "",
            OpsetImport = { new OperatorSetIdProto { Version = options.Opset } },
            Graph = GraphExport.Create(model, options),
            MetadataProps = { NormalizationMetadata.Entries(model.Normalization), ClassNamesMetadata.Entries(model.ClassNames) },
        };
    }
}
