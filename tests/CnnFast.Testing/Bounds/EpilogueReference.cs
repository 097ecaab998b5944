using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>The ways between epilogues and their references.</summary>
internal static class EpilogueReference
{
    extension(ReferenceFunction function)
    {
        /// <summary>The function with its constants, as kernels take it.</summary>
        public Epilogue Epilogue => new(ElementFunctions.Named(function.Name), function.Alpha, function.Beta);
    }

    extension(Epilogue epilogue)
    {
        /// <summary>The reference with these constants; null for the identity.</summary>
        public ReferenceFunction? Reference =>
            epilogue.IsNone ? null : ReferenceFunctions.Of(epilogue.Function!.Name, epilogue.Alpha, epilogue.Beta);
    }
}
